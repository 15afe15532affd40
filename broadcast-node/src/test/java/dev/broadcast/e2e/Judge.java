package dev.broadcast.e2e;

import dev.broadcast.e2e.Sent.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares what was acknowledged with what every client got: each message exactly once, per
 * publisher and topic in publishing order, and all clients agree on one order. A message of unknown
 * outcome may come once or never, a refused one never.
 */
final class Judge {

  private static final int PATHS = 5;

  private final Map<String, Sent> byData = new HashMap<>();
  private final List<Sent> acknowledged;
  private final List<Listener> listeners;
  private final Map<String, SeenByClient> seen = new HashMap<>();
  private final Map<String, String> paths = new LinkedHashMap<>();
  private int lost;
  private int duplicated;
  private int reordered;
  private int resets;
  private int ghosts;

  private Judge(Ledger ledger, List<Listener> listeners) {
    this.acknowledged = ledger.acknowledged();
    this.listeners = listeners;
    ledger.all().forEach(sent -> byData.put(sent.data(), sent));
  }

  /**
   * What the judge found.
   *
   * @param lost acknowledged messages that a client lacks
   * @param duplicated that a client got more than once, under one id or two
   * @param reordered that came after one they precede
   * @param resets events of that name
   * @param ghosts that nobody published, that were refused, or that bear another id than the
   *     publisher was told
   * @param deliveries messages that came, over all clients
   * @param paths of the first affected messages
   */
  record Verdict(
      int lost,
      int duplicated,
      int reordered,
      int resets,
      int ghosts,
      long deliveries,
      List<String> paths) {

    void assertClean() {
      if (lost + duplicated + reordered + resets + ghosts > 0) {
        throw new AssertionError(this);
      }
    }

    @Override
    public String toString() {
      return String.format(
          "lost %d, duplicated %d, reordered %d, resets %d, ghosts %d of %d deliveries%n%s",
          lost, duplicated, reordered, resets, ghosts, deliveries, String.join("\n", paths));
    }
  }

  /** Waits until every client has everything, at most {@code within}, and judges what is there. */
  static Verdict judge(Ledger ledger, List<Listener> listeners, Duration within) {
    var judge = new Judge(ledger, listeners);
    judge.awaitEverything(within);
    listeners.forEach(
        listener -> judge.seen.put(listener.client().name(), listener.client().seen()));
    listeners.forEach(judge::judgeOne);
    judge.judgeAgreement();
    long deliveries =
        judge.seen.values().stream().mapToLong(client -> client.messages().size()).sum();
    return new Verdict(
        judge.lost,
        judge.duplicated,
        judge.reordered,
        judge.resets,
        judge.ghosts,
        deliveries,
        List.copyOf(judge.paths.values()));
  }

  private void awaitEverything(Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    for (Listener listener : listeners) {
      List<Sent> expected = listener.expected(acknowledged);
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      try {
        listener
            .client()
            .await(
                "all " + expected.size() + " messages",
                left,
                it ->
                    it.distinctCount() >= expected.size()
                        && expected.stream().allMatch(sent -> it.has(sent.data())));
      } catch (AssertionError e) {
        // What is missing is counted afterwards, with its path.
      }
    }
  }

  private void judgeOne(Listener listener) {
    SeenByClient client = seenBy(listener);
    resets += client.resets().size();
    client.resets().forEach(reset -> note("reset", listener.client() + " was told " + reset));
    for (Sent sent : listener.expected(acknowledged)) {
      if (!client.has(sent.data())) {
        lost++;
        note("lost " + sent.data(), "lost at " + listener.client() + ": " + path(sent));
      }
    }
    Set<String> data = new HashSet<>();
    Set<String> twice =
        client.data().stream().filter(it -> !data.add(it)).collect(Collectors.toSet());
    duplicated += client.messages().size() - data.size();
    Map<String, Long> last = new HashMap<>();
    for (SeenByClient.Event event : client.messages()) {
      Sent sent = byData.get(event.data());
      if (sent == null) {
        ghosts++;
        note("unknown", "nobody published what " + listener.client() + " got: " + event);
      } else if (twice.contains(event.data())) {
        note("twice " + sent.data(), "twice at " + listener.client() + ": " + path(sent));
      } else if (!mayAppear(sent, event) || !listener.topics().contains(sent.topic())) {
        ghosts++;
        note("ghost " + sent.data(), listener.client() + " got " + event + ": " + path(sent));
      } else if (sent.ordered() && sent.outcome() == Outcome.ACKNOWLEDGED) {
        Long before = last.put(sent.publisher() + "|" + sent.topic(), sent.number());
        if (before != null && before > sent.number()) {
          reordered++;
          String where = listener.client() + " after number " + before + ": ";
          note("order " + sent.data(), where + path(sent));
        }
      }
    }
  }

  /** The id on the stream is the publisher's, over several shards followed by other positions. */
  private static boolean mayAppear(Sent sent, SeenByClient.Event event) {
    return switch (sent.outcome()) {
      case ACKNOWLEDGED -> event.id().equals(sent.id()) || event.id().startsWith(sent.id() + "~");
      case UNKNOWN -> true;
      case REFUSED -> false;
    };
  }

  private void judgeAgreement() {
    var order = new CommonOrder();
    listeners.forEach(listener -> order.add(seenBy(listener).data().stream().distinct().toList()));
    Set<String> disputed = order.disputed();
    reordered += disputed.size();
    disputed.stream()
        .limit(PATHS)
        .map(byData::get)
        .filter(Objects::nonNull)
        .forEach(
            sent -> note("place " + sent.data(), "clients disagree on its place: " + path(sent)));
  }

  private SeenByClient seenBy(Listener listener) {
    return Objects.requireNonNull(seen.get(listener.client().name()));
  }

  /** Keeps the first few, each fault of each message once: sixty clients would tell the same. */
  private void note(String fault, String path) {
    if (paths.size() < PATHS) {
      paths.putIfAbsent(fault, path);
    }
  }

  /** Where a message went: who got it when, and who not. */
  private String path(Sent sent) {
    var got = new ArrayList<String>();
    var lacking = new ArrayList<String>();
    for (Listener listener : listeners) {
      if (!listener.topics().contains(sent.topic()) || !listener.wants().test(sent)) {
        continue;
      }
      List<String> arrivals =
          seenBy(listener).messages().stream()
              .filter(event -> event.data().equals(sent.data()))
              .map(
                  event ->
                      String.format(
                          "%s #%d +%d ms",
                          listener.client().name(),
                          event.connection(),
                          (event.nanos() - sent.startedNanos()) / 1_000_000))
              .toList();
      if (arrivals.isEmpty()) {
        lacking.add(listener.client().name());
      }
      got.addAll(arrivals);
    }
    return sent.data() + " " + sent + "\n    got by " + got + "\n    missing at " + lacking;
  }
}
