package dev.broadcast.node.backplane;

import org.jspecify.annotations.Nullable;

/** Which of the last numbers went to which topic. Only on the hub thread. */
final class MemoryLog {
  private final int size;
  private @Nullable String[] topics;
  private long head;

  MemoryLog(int size) {
    this.size = size;
    this.topics = new @Nullable String[Math.min(size, 1_024)];
  }

  void add(String topic) {
    if (head == topics.length && topics.length < size) {
      // Not one number has been overwritten yet, so the places stay what they are.
      @Nullable String[] larger =
          new @Nullable String[(int) Math.min(size, (long) topics.length * 2)];
      System.arraycopy(topics, 0, larger, 0, topics.length);
      topics = larger;
    }
    topics[(int) (head++ % topics.length)] = topic;
  }

  long startsAfter() {
    return Math.max(0, head - topics.length);
  }

  String topic(long sequence) {
    String topic = topics[(int) ((sequence - 1) % topics.length)];
    if (topic == null || sequence <= startsAfter() || sequence > head) {
      throw new IllegalArgumentException("sequence: not in the log: " + sequence);
    }
    return topic;
  }
}
