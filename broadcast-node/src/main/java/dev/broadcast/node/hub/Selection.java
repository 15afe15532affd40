package dev.broadcast.node.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * What a stream is about: topics, filters and format. Connections that ask for the same share one.
 *
 * @param shards the shards its topics lie on, ascending
 * @param topics the topics on each of these shards
 * @param types only these types, empty for all; {@code message} is the unnamed one
 * @param targets only messages that name one of them or none, empty for all
 * @param format what {@code data} holds
 * @param until types after which the stream ends, empty for none
 * @param throttled whether its connections get the latest messages at their own ticks
 */
record Selection(
    List<Integer> shards,
    List<List<String>> topics,
    Set<String> types,
    Set<String> targets,
    Format format,
    Set<String> until,
    boolean throttled) {

  /** What clients call the type of an unnamed event (WHATWG HTML, 9.2.6). */
  private static final String UNNAMED = "message";

  static Selection of(StreamRequest request, ToIntFunction<String> shardOf) {
    List<String> asked = request.topics();
    List<Integer> shards;
    List<List<String>> topics;
    if (asked.size() == 1) {
      shards = List.of(shardOf.applyAsInt(asked.get(0)));
      topics = List.of(asked);
    } else {
      TreeMap<Integer, List<String>> byShard = new TreeMap<>();
      for (String topic : asked.stream().sorted().toList()) {
        byShard.computeIfAbsent(shardOf.applyAsInt(topic), s -> new ArrayList<>()).add(topic);
      }
      shards = List.copyOf(byShard.keySet());
      topics = byShard.values().stream().map(List::copyOf).toList();
    }
    StreamRequest.Extras extras = request.extras();
    return new Selection(
        shards,
        topics,
        request.types(),
        request.targets(),
        request.format(),
        extras.until(),
        !extras.throttle().isZero());
  }

  /** Whether its events carry the positions of several shards. */
  boolean overSeveralShards() {
    return shards.size() > 1;
  }

  /** Where {@code shard} stands in {@link #shards}, or a negative number. */
  int indexOf(int shard) {
    return shards.size() == 1 ? (shards.get(0) == shard ? 0 : -1) : shards.indexOf(shard);
  }

  /** Whether the filters let a message through, whoever it is addressed to. */
  boolean matches(Payload payload) {
    if (!types.isEmpty() && !types.contains(payload.type() == null ? UNNAMED : payload.type())) {
      return false;
    }
    if (targets.isEmpty() || payload.targetIds().isEmpty()) {
      return true;
    }
    for (String target : payload.targetIds()) {
      if (targets.contains(target)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the stream ends after a message that it got. */
  boolean ends(Payload payload) {
    return !until.isEmpty() && until.contains(payload.type() == null ? UNNAMED : payload.type());
  }

  /** Whether a message is for the connection of that id. */
  boolean matches(Payload payload, String connectionId) {
    return matches(payload)
        && (payload.to().isEmpty() || payload.to().contains(connectionId))
        && !payload.exclude().contains(connectionId);
  }
}
