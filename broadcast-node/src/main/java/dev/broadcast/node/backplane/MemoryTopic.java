package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kept entries of one topic, ascending, in a circular array that grows up to the history size.
 * Only on the hub thread.
 */
final class MemoryTopic {
  final String name;

  /** The last number, also when its entry is no longer kept. */
  long last;

  /** The last number that was cleared, 0 for none. */
  long clearedThrough;

  private @Nullable Entry[] entries = new @Nullable Entry[4];
  private int first;
  private int size;

  MemoryTopic(String name, long last) {
    this.name = name;
    this.last = last;
  }

  void add(Entry entry, int historySize) {
    if (size == historySize) {
      dropFirst();
    }
    if (size == entries.length) {
      grow();
    }
    entries[(first + size++) % entries.length] = entry;
    last = entry.sequence();
  }

  /**
   * Drops what is older; the clock may have stepped back, so only what stands before a younger one.
   */
  void dropOlderThan(long timestamp) {
    while (size > 0 && get(0).timestamp() < timestamp) {
      dropFirst();
    }
  }

  void dropAll() {
    entries = new @Nullable Entry[4];
    first = 0;
    size = 0;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  long newestTimestamp() {
    return get(size - 1).timestamp();
  }

  @Nullable Entry find(long sequence) {
    int index = firstAfter(sequence - 1);
    return index < size && get(index).sequence() == sequence ? get(index) : null;
  }

  TopicPage after(long sequence, int limit) {
    int from = firstAfter(sequence);
    int to = (int) Math.min(size, (long) from + limit);
    return page(from, to);
  }

  TopicPage lastOf(int limit) {
    return page(Math.max(0, size - limit), size);
  }

  private TopicPage page(int from, int to) {
    List<Entry> page = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      page.add(get(i));
    }
    long firstPredecessor = size == 0 ? -1 : get(0).predecessor();
    return new TopicPage(name, page, to < size, firstPredecessor, last, clearedThrough);
  }

  private int firstAfter(long sequence) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).sequence() > sequence) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private Entry get(int index) {
    Entry entry = entries[(first + index) % entries.length];
    if (entry == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return entry;
  }

  private void dropFirst() {
    entries[first] = null;
    first = (first + 1) % entries.length;
    size--;
  }

  private void grow() {
    @Nullable Entry[] larger = new @Nullable Entry[entries.length * 2];
    for (int i = 0; i < size; i++) {
      larger[i] = get(i);
    }
    entries = larger;
    first = 0;
  }
}
