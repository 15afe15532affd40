package dev.broadcast.loadtest.faults;

/** What a fault may take from Redis, and so what it excuses. */
enum Loss {
  /** Nothing: every acknowledged message reaches every client, and no reset is told. */
  NONE,
  /**
   * The newest messages, none of which was acknowledged. Whoever saw one of them is told by a
   * reset.
   */
  UNACKNOWLEDGED,
  /**
   * The newest messages: Redis went back in time. Whoever saw one of them is told by a reset;
   * whoever did not cannot know.
   */
  TAIL,
  /**
   * The newest messages, and that Redis ever numbered them: back beyond its own restart. As {@link
   * #TAIL}, but who is told may be told messages twice, for nobody knows where it was.
   */
  PAST,
  /** Messages of the history: who lacks one of them is told by a reset. */
  HISTORY,
  /** Whatever Redis pleases; what it took is looked up afterwards. */
  ANY;

  /** Whether the same numbers may come again for other messages. */
  boolean rewinds() {
    return this == UNACKNOWLEDGED || this == TAIL || this == PAST || this == ANY;
  }
}
