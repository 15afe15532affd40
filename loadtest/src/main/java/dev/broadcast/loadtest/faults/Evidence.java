package dev.broadcast.loadtest.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a step left behind.
 *
 * @param shards over how many topics were spread; only what one holds has one order
 * @param loss what its fault may have taken from Redis
 * @param newEpoch whether Redis' sequence began anew
 * @param kept the data of what its history holds afterwards; only looked at if something may be
 *     lost
 * @param sent all that was published
 * @param isOld whether a message belongs to an earlier step
 * @param clients what each saw
 */
record Evidence(
    int shards,
    Loss loss,
    boolean newEpoch,
    Set<String> kept,
    List<Sent> sent,
    Predicate<String> isOld,
    Map<StreamClient.Plan, List<Seen>> clients) {

  static Map<StreamClient.Plan, List<Seen>> of(List<StreamClient> clients) {
    Map<StreamClient.Plan, List<Seen>> seen = new LinkedHashMap<>();
    clients.forEach(client -> seen.put(client.plan(), client.seen()));
    return seen;
  }

  /** Whether Redis does not hold it any more. */
  boolean gone(Sent message) {
    return loss != Loss.NONE && !kept.contains(message.data());
  }

  /** Whether who saw what is gone must be told. */
  boolean undone() {
    return (loss.rewinds() && loss != Loss.ANY) || newEpoch;
  }

  /** Whether who lacks what is gone must be told. */
  boolean cut() {
    return newEpoch || loss == Loss.HISTORY || loss == Loss.ANY;
  }
}
