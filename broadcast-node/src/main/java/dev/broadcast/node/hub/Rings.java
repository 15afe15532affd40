package dev.broadcast.node.hub;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * The rings of all topics that clients of this node use, within one byte budget; the least recently
 * used go first. Only on the hub thread.
 */
final class Rings {
  private final long budget;
  private final int perTopic;
  private final long age;
  private final LongSupplier serverMillis;
  private final ToIntFunction<String> shardOf;
  private final LinkedHashMap<String, Ring> rings = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param budget bytes of all rings together
   * @param perTopic messages a ring
   * @param age milliseconds a message is kept
   * @param serverMillis the backplane's clock
   */
  Rings(
      long budget,
      int perTopic,
      long age,
      LongSupplier serverMillis,
      ToIntFunction<String> shardOf) {
    this.budget = budget;
    this.perTopic = perTopic;
    this.age = age;
    this.serverMillis = serverMillis;
    this.shardOf = shardOf;
  }

  /** The topic's ring, which from now on grows; a new one knows nothing up to {@code position}. */
  Ring use(String topic, long position) {
    Ring known = rings.remove(topic);
    Ring ring = known == null ? new Ring(position) : known;
    bytes += known == null ? ring.bytes() : 0;
    rings.put(topic, ring);
    change(ring, r -> r.expire(serverMillis.getAsLong() - age));
    return ring;
  }

  /** Keeps a message if its topic is used. */
  void append(Event event) {
    Ring ring = rings.get(event.topic());
    if (ring != null) {
      change(ring, r -> r.append(event));
      if (ring.size() > perTopic) {
        change(ring, Ring::dropOldest);
      }
      shrink();
    }
  }

  /** Messages of a topic that came since its ring began; 0 if it has none. */
  long received(String topic) {
    Ring ring = rings.get(topic);
    return ring == null ? 0 : ring.received();
  }

  /** Knows nothing of the topic any more at or before {@code sequence}. */
  void cutBefore(String topic, long sequence) {
    Ring ring = rings.get(topic);
    if (ring != null) {
      change(ring, r -> r.cutBefore(sequence));
    }
  }

  /** Learns older messages of a topic, if there is room for them. */
  void extend(String topic, long newFrom, List<Event> older) {
    Ring ring = rings.get(topic);
    long weight = older.stream().mapToLong(Event::weight).sum();
    if (ring != null
        && ring.reachesBackTo(newFrom)
        && ring.size() + older.size() <= perTopic
        && bytes + weight <= budget) {
      change(ring, r -> r.extend(newFrom, older));
    }
  }

  /** A shard's sequence went back to {@code end}. */
  void rewind(int shard, long end) {
    rings.forEach(
        (topic, ring) -> {
          if (shardOf.applyAsInt(topic) == shard) {
            change(ring, r -> r.cutAfter(end));
          }
        });
  }

  /** A shard's reading goes on at {@code position}; nothing before it is known. */
  void restart(int shard, long position) {
    rings.replaceAll(
        (topic, ring) -> {
          if (shardOf.applyAsInt(topic) != shard) {
            return ring;
          }
          Ring empty = new Ring(position);
          bytes += empty.bytes() - ring.bytes();
          return empty;
        });
  }

  long bytes() {
    return bytes;
  }

  private void change(Ring ring, Consumer<Ring> change) {
    bytes -= ring.bytes();
    change.accept(ring);
    bytes += ring.bytes();
  }

  private void shrink() {
    while (bytes > budget) {
      Iterator<Map.Entry<String, Ring>> it = rings.entrySet().iterator();
      Ring eldest = it.next().getValue();
      if (it.hasNext()) {
        bytes -= eldest.bytes();
        rings.remove(rings.keySet().iterator().next());
      } else if (eldest.size() > 0) {
        change(eldest, Ring::dropOldest);
      } else {
        return;
      }
    }
  }
}
