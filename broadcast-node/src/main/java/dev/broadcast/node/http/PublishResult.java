package dev.broadcast.node.http;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.UnknownTypeException;
import dev.broadcast.node.backplane.BackplaneException;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster.Receipt;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Intake;
import dev.broadcast.node.hub.Timestamps;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the publisher of one message is told. */
sealed interface PublishResult {
  /** What whoever reads the problem does next. */
  String AGAIN = "; nothing was stored, send it again after Retry-After";

  String UNDER_ITS_KEY =
      "; it may be stored, send it again under the same Idempotency-Key and it is stored once";

  /** Appends it as JSON. */
  void write(JsonBytes json);

  /** Whether it failed for a passing reason. */
  default boolean isPassing() {
    return this instanceof Failed failed && failed.problem().status() == 503;
  }

  /** {@code yes}, {@code no} or {@code unknown}. */
  default String stored() {
    return this instanceof Failed failed
        ? failed.problem().more().getOrDefault("stored", "no")
        : "yes";
  }

  /** What the hub told: an outcome, or why there is none. */
  static PublishResult of(
      Message message, Hub.@Nullable Published published, @Nullable Throwable failure) {
    return published != null
        ? of(message, published)
        : unknown(failure == null ? new IllegalStateException("no outcome") : failure);
  }

  private static PublishResult of(Message message, Hub.Published published) {
    PublishOutcome outcome = published.outcome();
    if (outcome instanceof PublishOutcome.Stored stored) {
      Message changed = published.changed();
      return new Done(changed == null ? message : changed, stored, published.receipt());
    } else if (outcome instanceof PublishOutcome.NotStored not) {
      return new Failed(Problem.notPublished("no", not.detail() + AGAIN));
    } else if (outcome instanceof PublishOutcome.Unknown unknown) {
      return new Failed(Problem.notPublished("unknown", unknown.detail() + UNDER_ITS_KEY));
    }
    return new Failed(
        Problem.of(422, "Idempotency-Key", "this key was used with other content; use a new one"));
  }

  /** The publish itself broke: whether anything was stored, nobody can say. */
  private static PublishResult unknown(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof InvalidMessageException invalid) {
      return new Failed(Refusal.of(invalid).problem());
    }
    if (cause instanceof UnknownTypeException || cause instanceof Intake.DroppedException) {
      return new Failed(Refusal.notTaken(cause).problem());
    }
    if (cause instanceof BackplaneException) { // asked for the vocabulary, not for storing
      return new Failed(Problem.notPublished("no", cause.getMessage() + AGAIN));
    }
    return new Failed(Problem.notPublished("unknown", cause.getMessage() + UNDER_ITS_KEY));
  }

  /**
   * It is stored.
   *
   * @param receipt if one was asked for
   */
  record Done(Message message, PublishOutcome.Stored outcome, @Nullable Receipt receipt)
      implements PublishResult {
    @Override
    public void write(JsonBytes json) {
      // In id, topic and time there is nothing to escape.
      json.ascii("{\"id\":\"").ascii(outcome.id().toString());
      json.ascii("\",\"topic\":\"").ascii(message.topic());
      String type = message.type();
      if (type == null) {
        json.ascii("\",\"timestamp\":\"");
      } else {
        json.ascii("\",\"type\":").string(type).ascii(",\"timestamp\":\"");
      }
      json.ascii(Timestamps.iso(outcome.timestamp()));
      json.ascii(outcome.repeated() ? "\",\"repeated\":true" : "\"");
      if (receipt != null) {
        json.ascii(
            ",\"clients\":%d,\"nodes\":%d,\"complete\":%b"
                .formatted(receipt.clients(), receipt.nodes(), receipt.complete()));
      }
      json.ascii("}");
    }
  }

  /** It is not, or nobody knows. */
  record Failed(Problem problem) implements PublishResult {
    @Override
    public void write(JsonBytes json) {
      json.ascii("{\"error\":").raw(Json.bytes(problem::write)).ascii("}");
    }
  }
}
