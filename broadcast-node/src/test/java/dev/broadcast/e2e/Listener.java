package dev.broadcast.e2e;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A client and what it must get.
 *
 * @param wants its filters as the judge understands them
 */
record Listener(SseClient client, Set<String> topics, Predicate<Sent> wants) {

  /** A client without filters. */
  static Listener toAll(SseClient client, String... topics) {
    return new Listener(client, Set.of(topics), sent -> true);
  }

  /** Everything acknowledged that was published after it had connected. */
  List<Sent> expected(List<Sent> acknowledged) {
    long since =
        client.seen().ofType("connected").stream()
            .mapToLong(SeenByClient.Event::nanos)
            .min()
            .orElse(Long.MAX_VALUE);
    return acknowledged.stream()
        .filter(sent -> topics.contains(sent.topic()) && wants.test(sent))
        .filter(sent -> sent.startedNanos() - since > 0)
        .toList();
  }
}
