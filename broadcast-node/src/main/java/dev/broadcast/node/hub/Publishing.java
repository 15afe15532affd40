package dev.broadcast.node.hub;

import dev.broadcast.api.Message;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Publication;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.hub.Hub.IdempotencyKey;
import dev.broadcast.node.hub.Hub.Published;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way of a message through the intake into the backplane. Any thread. */
final class Publishing {
  private final Backplane backplane;
  private final Roster roster;
  private final Intake intake;
  private final HubMetrics metrics;

  Publishing(Backplane backplane, Roster roster, Intake intake, HubMetrics metrics) {
    this.backplane = backplane;
    this.roster = roster;
    this.intake = intake;
    this.metrics = metrics;
  }

  /** Whether it goes as it came, to nobody who has to be asked. */
  boolean direct(Message message, @Nullable Duration receipt) {
    return receipt == null && intake.passes(message);
  }

  /** Publishes one that goes {@link #direct}; who counts it is the caller. */
  CompletableFuture<PublishOutcome> publishDirectly(Message message, @Nullable IdempotencyKey key) {
    return store(message, key, null);
  }

  /**
   * Publishes what the intake makes of it.
   *
   * @param receipt how long to wait for the nodes to say on how many connections, or null
   */
  CompletableFuture<Published> publish(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt) {
    if (intake.passes(message)) {
      return publishAsIs(message, key, receipt);
    }
    return intake
        .admit(message)
        .thenCompose(
            admitted ->
                publishAsIs(admitted, key, receipt)
                    .thenApply(p -> new Published(p.outcome(), p.receipt(), admitted)));
  }

  private CompletableFuture<Published> publishAsIs(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt) {
    CompletableFuture<Published> published =
        receipt == null
            ? store(message, key, null).thenApply(outcome -> new Published(outcome, null))
            : publishWithReceipt(message, key, receipt);
    return published.whenComplete(
        (done, failure) -> metrics.published(done == null ? null : done.outcome()));
  }

  private CompletableFuture<Published> publishWithReceipt(
      Message message, @Nullable IdempotencyKey key, Duration wait) {
    String receipt = roster.openReceipt();
    return store(message, key, receipt).thenCompose(o -> withReceipt(o, receipt, wait));
  }

  private CompletableFuture<PublishOutcome> store(
      Message message, @Nullable IdempotencyKey key, @Nullable String receipt) {
    byte[] payload = Payload.encode(message);
    Publication.Idempotency idempotency = key == null ? null : scoped(key, message, payload);
    return backplane.publish(new Publication(message.topic(), payload, idempotency, receipt));
  }

  private CompletableFuture<Published> withReceipt(
      PublishOutcome outcome, String receipt, Duration wait) {
    if (outcome instanceof PublishOutcome.Stored stored) {
      // A repeated publish reached nobody now: its receipt asks nobody and says so.
      Duration patience = stored.repeated() ? Duration.ZERO : wait;
      return roster
          .receipt(receipt, stored.timestamp(), patience)
          .thenApply(r -> new Published(outcome, r));
    }
    return roster
        .receipt(receipt, 0, Duration.ZERO)
        .handle((r, failure) -> new Published(outcome, null));
  }

  private static Publication.Idempotency scoped(
      IdempotencyKey key, Message message, byte[] payload) {
    return new Publication.Idempotency(
        digest(key.credential(), message.topic(), key.key(), Integer.toString(key.item())),
        digest(message.topic(), new String(payload, StandardCharsets.UTF_8)));
  }

  private static String digest(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(bytes);
      }
      byte[] hash = digest.digest();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 27);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
