package dev.broadcast.node.hub;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which topics the last numbers of a shard went to that this node read: so that Redis going back in
 * time resets those topics and no others. Bounded. Only on the hub thread.
 */
final class Recent {
  /** Numbers remembered: more than Redis may lose of a busy second. */
  private static final int MOST = 8192;

  private final ArrayDeque<String> topics = new ArrayDeque<>();
  private long from;

  /** Nothing is known up to there. */
  void restart(long position) {
    topics.clear();
    from = position;
  }

  /** The next number. */
  void add(String topic) {
    topics.add(topic);
    if (topics.size() > MOST) {
      topics.remove();
      from++;
    }
  }

  /** The topics of all numbers after {@code end}, which never happened; empty if not all known. */
  Optional<Set<String>> goBack(long end) {
    if (end < from) {
      restart(end);
      return Optional.empty();
    }
    Set<String> touched = new TreeSet<>();
    Iterator<String> back = topics.descendingIterator();
    for (long n = from + topics.size(); n > end; n--) {
      touched.add(back.next());
      back.remove();
    }
    return Optional.of(touched);
  }
}
