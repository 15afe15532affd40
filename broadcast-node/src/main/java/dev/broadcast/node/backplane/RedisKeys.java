package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.cluster.SlotHash;

/**
 * The names of one shard's keys and channel. All hold the same hash tag, so that a script may touch
 * them together in a Redis Cluster; all but the state hold the epoch, so that nothing of an earlier
 * lifetime is ever read.
 */
final class RedisKeys {
  private final String tag;
  private final String base;

  /**
   * The names of one shard's.
   *
   * @param shards how many there are
   */
  RedisKeys(String prefix, int shard, int shards) {
    this.tag = tag(prefix, shard, shards);
    this.base = prefix + '{' + tag + "}:";
  }

  /**
   * The first shard's tag is the same however many there are, so that its state tells who counts
   * otherwise. The others' slots lie at even distances from it: a Cluster's masters hold about as
   * many shards each, while the slots of plain numbers would fall as chance has it.
   */
  private static String tag(String prefix, int shard, int shards) {
    String plain = prefix + ':' + shard;
    if (shard == 0) {
      return plain;
    }
    int first = SlotHash.getSlot(bytes(prefix + ":0"));
    int wanted = (first + shard * SlotHash.SLOT_COUNT / shards) % SlotHash.SLOT_COUNT;
    for (int attempt = 0; ; attempt++) {
      String tag = plain + '.' + attempt;
      if (SlotHash.getSlot(bytes(tag)) == wanted) {
        return tag;
      }
    }
  }

  /** Where a Cluster keeps all of them. */
  int slot() {
    return SlotHash.getSlot(bytes(tag));
  }

  /** Says, on one of several servers, which of them it is. */
  static byte[] place(String prefix) {
    return bytes(prefix + "{" + prefix + ":place}");
  }

  byte[] state() {
    return bytes(base + "state");
  }

  String channel() {
    return base + "live";
  }

  byte[] log(String epoch) {
    return bytes(base + epoch + ":log");
  }

  byte[] idempotency(String epoch) {
    return bytes(base + epoch + ":keys");
  }

  byte[] idempotencyByAge(String epoch) {
    return bytes(base + epoch + ":keys-by-age");
  }

  byte[] topic(String epoch, String topic) {
    return bytes(base + epoch + ":t:" + topic);
  }

  /** Of the cluster's nodes, on the first shard's tag. */
  byte[] nodes() {
    return bytes(base + "nodes");
  }

  /** The connection ids one incarnation holds. */
  byte[] claims(String incarnation) {
    return bytes(base + "claims:" + incarnation);
  }

  /** What a ticket, given by its digest, is good for. */
  byte[] ticket(String digest) {
    return bytes(base + "ticket:" + digest);
  }

  /** What the cluster signs with. */
  byte[] types() {
    return bytes(base + "types");
  }

  byte[] secret() {
    return bytes(base + "secret");
  }

  /** Where every node listens for questions. */
  String control() {
    return base + "control";
  }

  /** Where one incarnation, whose name follows, listens for reports and answers. */
  String inbox() {
    return base + "inbox:";
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static byte[] bytes(long number) {
    return bytes(Long.toString(number));
  }
}
