package dev.broadcast.loadtest.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.loadtest.faults.Sent.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A backend. With an idempotency key it tries on, at one node after the other, until everything is
 * acknowledged; without one it takes the first answer, or its lack, for what it is. One thread.
 */
final class Publisher {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ANSWER_MILLIS = 5_000;
  private static final long BETWEEN_ATTEMPTS_MILLIS = 50;
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  private final String key;
  private final List<InetSocketAddress> nodes;
  private final Ledger ledger;
  private @Nullable HttpConnection connection;
  private final Random random;
  private final int home;
  private int node;

  Publisher(String key, List<InetSocketAddress> nodes, int first, Ledger ledger) {
    this.key = key;
    this.nodes = nodes;
    this.home = first % nodes.size();
    this.node = home;
    this.random = new Random(first);
    this.ledger = ledger;
  }

  /**
   * One answer.
   *
   * @param ids by the item's index, of those that were stored
   */
  private record Answer(Outcome outcome, int status, Map<Integer, String> ids, String text) {}

  /** Goes back to where it began; while it rests. */
  void goHome() {
    node = home;
    forget();
  }

  /** Tries once; what became of it is in the ledger. */
  void tryOnce(Sent message) {
    Answer answer = attempt(List.of(message), Map.of());
    message.ended(answer.outcome(), answer.ids().getOrDefault(0, ""));
    if (answer.outcome() == Outcome.ACKNOWLEDGED) {
      ledger.acknowledged();
    } else if (answer.status() > 0) {
      message.toldAt(System.currentTimeMillis());
    }
  }

  /** Tries until all of them are acknowledged. */
  void publish(List<Sent> batch) throws InterruptedException {
    Map<String, String> headers = Map.of("Idempotency-Key", batch.get(0).data());
    long deadline = System.nanoTime() + GIVE_UP_NANOS;
    while (true) {
      Answer answer = attempt(batch, headers);
      if (answer.outcome() == Outcome.ACKNOWLEDGED) {
        for (int i = 0; i < batch.size(); i++) {
          batch.get(i).ended(Outcome.ACKNOWLEDGED, answer.ids().getOrDefault(i, ""));
          ledger.acknowledged();
        }
        return;
      }
      if (answer.status() >= 400 && answer.status() < 500) {
        throw new IllegalStateException("cannot publish " + batch.get(0).data() + ": " + answer);
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("given up on " + batch.get(0).data() + ": " + answer);
      }
      if (!answer.ids().isEmpty()) {
        batch.forEach(Sent::unordered);
      }
      Thread.sleep(BETWEEN_ATTEMPTS_MILLIS);
    }
  }

  private Answer attempt(List<Sent> batch, Map<String, String> more) {
    int at = node;
    long start = System.nanoTime();
    Answer answer;
    try {
      HttpConnection open = connection;
      if (open == null) {
        open = new HttpConnection(nodes.get(at), 0, ANSWER_MILLIS);
        connection = open;
      }
      Map<String, String> headers = new HashMap<>(more);
      headers.put("Authorization", "Bearer " + key);
      headers.put("Content-Type", "application/json");
      HttpConnection.Answer raw = open.ask("POST", "/events", headers, body(batch));
      answer = read(raw.status(), raw.text());
      if ("close".equalsIgnoreCase(raw.headers().get("connection"))) {
        forget();
      }
    } catch (IOException e) {
      answer = new Answer(Outcome.UNKNOWN, 0, Map.of(), e.toString());
      forget();
    }
    if (answer.outcome() != Outcome.ACKNOWLEDGED) {
      node = Balancing.another(node, nodes.size(), random);
      forget();
    }
    String text = answer.status() + " " + answer.text();
    Sent.Attempt attempt =
        new Sent.Attempt(
            at, start, System.nanoTime(), text.substring(0, Math.min(160, text.length())));
    batch.forEach(sent -> sent.attempted(attempt));
    return answer;
  }

  private void forget() {
    if (connection != null) {
      connection.reset();
      connection = null;
    }
  }

  private static byte[] body(List<Sent> batch) throws JsonProcessingException {
    List<Map<String, Object>> items = batch.stream().map(Publisher::item).toList();
    return JSON.writeValueAsString(items.size() == 1 ? items.get(0) : items).getBytes(UTF_8);
  }

  private static Map<String, Object> item(Sent sent) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("topic", sent.topic);
    item.put("data", sent.data());
    if (!sent.type.isEmpty()) {
      item.put("type", sent.type);
    }
    if (!sent.targets.isEmpty()) {
      item.put("target_ids", sent.targets);
    }
    return item;
  }

  private static Answer read(int status, String text) throws IOException {
    JsonNode json = JSON.readTree(text);
    Map<Integer, String> ids = new HashMap<>();
    boolean all = status == 200;
    if (json.has("results")) {
      int index = 0;
      for (JsonNode result : json.get("results")) {
        if (result.has("id")) {
          ids.put(index, result.get("id").asText());
        } else {
          all = false;
        }
        index++;
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
    return new Answer(outcome, status, ids, text);
  }
}
