package dev.broadcast.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.e2e.Sent.Outcome;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend that publishes: each message carries a number of its own, one after the other, and what
 * became of it goes into the ledger. One thread.
 */
final class Publisher {

  /** A retry never waits longer, whatever {@code Retry-After} says; keeps tests short. */
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);

  private final String name;
  private final List<URI> nodes;
  private final Ledger ledger;
  private final Http http;
  private final Map<String, Long> numbers = new HashMap<>();
  private int node;

  /**
   * @param nodes where it publishes, moving to the next when one fails
   * @param firstNode index of the one it starts with
   */
  Publisher(String name, List<URI> nodes, int firstNode, Http http, Ledger ledger) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.node = firstNode;
    this.http = http;
    this.ledger = ledger;
  }

  /**
   * What to publish.
   *
   * @param type empty for an unnamed event
   */
  record Draft(String topic, String type, List<String> targets) {

    Draft(String topic) {
      this(topic, "", List.of());
    }
  }

  /** Tries once and takes the answer as it is. */
  Sent tryOnce(Draft draft) {
    Pending pending = number(draft);
    Attempt attempt = attempt(List.of(pending), Map.of());
    if (attempt.outcome() != Outcome.ACKNOWLEDGED) {
      ledger.attemptFailed(attempt.answer());
    }
    return record(pending, attempt.outcome(), attempt.ids().getOrDefault(0, ""), true);
  }

  /** Repeats it with one idempotency key, on any node, until it is acknowledged. */
  Sent publish(Draft draft) {
    return publish(List.of(draft)).get(0);
  }

  /** The same for a batch; a single draft travels as a message, more as an array. */
  List<Sent> publish(List<Draft> drafts) {
    List<Pending> batch = drafts.stream().map(this::number).toList();
    String key = name + "-" + batch.get(0).data();
    var headers = Map.of("Idempotency-Key", key);
    long deadline = System.nanoTime() + GIVE_UP_AFTER.toNanos();
    boolean mended = false;
    Attempt attempt = attempt(batch, headers);
    while (attempt.outcome() != Outcome.ACKNOWLEDGED) {
      if (attempt.refusesForGood() || System.nanoTime() > deadline) {
        throw new AssertionError(name + " cannot publish " + key + ": " + attempt.answer());
      }
      mended |= !attempt.ids().isEmpty();
      ledger.attemptFailed(attempt.answer());
      node++;
      LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
      attempt = attempt(batch, headers);
    }
    var stored = new ArrayList<Sent>();
    for (int i = 0; i < batch.size(); i++) {
      String id = attempt.ids().getOrDefault(i, "");
      stored.add(record(batch.get(i), Outcome.ACKNOWLEDGED, id, !mended));
    }
    return stored;
  }

  private record Pending(Draft draft, String data, long number, long startedNanos) {}

  /**
   * One request and its end.
   *
   * @param ids by the item's index, of those that were stored
   */
  private record Attempt(Outcome outcome, int status, Map<Integer, String> ids, String answer) {

    boolean refusesForGood() {
      return status >= 400 && status < 500 && status != 429;
    }
  }

  private Pending number(Draft draft) {
    long number = numbers.merge(draft.topic(), 1L, Long::sum);
    String data = name + "|" + draft.topic() + "|" + number;
    return new Pending(draft, data, number, System.nanoTime());
  }

  private Sent record(Pending pending, Outcome outcome, String id, boolean ordered) {
    Draft draft = pending.draft();
    var sent =
        new Sent(
            name,
            draft.topic(),
            pending.number(),
            draft.type(),
            draft.targets(),
            outcome,
            id,
            ordered,
            pending.startedNanos(),
            System.nanoTime());
    ledger.add(sent);
    return sent;
  }

  private Attempt attempt(List<Pending> batch, Map<String, String> headers) {
    List<Map<String, Object>> bodies = batch.stream().map(Publisher::body).toList();
    Object body = bodies.size() == 1 ? bodies.get(0) : bodies;
    try {
      return read(http.post(nodes.get(node % nodes.size()), "/events", body, headers));
    } catch (IOException e) {
      return new Attempt(Outcome.UNKNOWN, 0, Map.of(), e.toString());
    }
  }

  private static Map<String, Object> body(Pending pending) {
    var body = new LinkedHashMap<String, Object>();
    body.put("topic", pending.draft().topic());
    body.put("data", pending.data());
    if (!pending.draft().type().isEmpty()) {
      body.put("type", pending.draft().type());
    }
    if (!pending.draft().targets().isEmpty()) {
      body.put("target_ids", pending.draft().targets());
    }
    return body;
  }

  private static Attempt read(Http.Answer answer) {
    var ids = new HashMap<Integer, String>();
    JsonNode json = answer.json();
    boolean all = answer.status() == 200;
    if (json.has("results")) {
      for (int i = 0; i < json.get("results").size(); i++) {
        JsonNode result = json.get("results").get(i);
        if (result.has("id")) {
          ids.put(i, result.get("id").asText());
        } else {
          all = false;
        }
      }
    } else if (all) {
      ids.put(0, json.path("id").asText());
    }
    Outcome outcome =
        all
            ? Outcome.ACKNOWLEDGED
            : json.path("stored").asText("no").equals("unknown")
                ? Outcome.UNKNOWN
                : Outcome.REFUSED;
    return new Attempt(outcome, answer.status(), ids, answer.status() + " " + answer.text());
  }
}
