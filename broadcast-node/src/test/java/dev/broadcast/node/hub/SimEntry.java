package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One number of a shard's sequence as the judge knows it: a node in the tree of everything that
 * ever was. Redis going back in time makes a branch.
 */
final class SimEntry {
  /** A moment that has not come. */
  static final int NEVER = Integer.MAX_VALUE;

  final String epoch;
  final long sequence;
  final @Nullable SimEntry parent;
  final @Nullable Entry entry;
  final @Nullable Payload payload;

  /** The step at which it was stored. */
  final int storedAt;

  /** The step from which on history did not hold it. */
  int goneAt = NEVER;

  /** The step at which Redis went back behind it. */
  int undoneAt = NEVER;

  /** The place before the first message of an epoch. */
  SimEntry(String epoch) {
    this.epoch = epoch;
    sequence = 0;
    storedAt = 0;
    parent = null;
    entry = null;
    payload = null;
  }

  SimEntry(SimEntry parent, Entry entry, int storedAt) {
    this.epoch = parent.epoch;
    this.sequence = entry.sequence();
    this.storedAt = storedAt;
    this.parent = parent;
    this.entry = entry;
    this.payload = entry.kind() == Entry.Kind.MESSAGE ? Payload.decode(entry.payload()) : null;
  }

  boolean isMessageOf(String topic) {
    return payload != null && entry != null && entry.topic().equals(topic);
  }

  String topic() {
    return entry == null ? "" : entry.topic();
  }

  /** The data: unique over the simulation. */
  String text() {
    return payload == null
        ? ""
        : new String(
            payload.bytes(), payload.dataOffset(), payload.dataLength(), StandardCharsets.UTF_8);
  }

  /** The place with that number on the way from the epoch's beginning to here. */
  SimEntry ancestorAt(long number) {
    SimEntry at = this;
    while (at.sequence > number && at.parent != null) {
      at = at.parent;
    }
    return at;
  }

  /** Whether {@code other} is here or comes, without a branch, after it. */
  boolean reaches(SimEntry other) {
    return epoch.equals(other.epoch)
        && other.sequence >= sequence
        && other.ancestorAt(sequence) == this;
  }

  /** The last place that both ways have in common. */
  SimEntry commonWith(SimEntry other) {
    SimEntry a = ancestorAt(other.sequence);
    SimEntry b = other.ancestorAt(sequence);
    while (a != b && a.parent != null && b.parent != null) {
      a = a.parent;
      b = b.parent;
    }
    return a;
  }

  void gone(int step) {
    goneAt = Math.min(goneAt, step);
  }

  @Override
  public String toString() {
    return entry == null
        ? epoch + ".-.0"
        : entry.id() + "(" + topic() + " " + (payload == null ? "CLEAR" : text()) + ")";
  }
}
