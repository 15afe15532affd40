package dev.broadcast.node.hub;

import java.util.List;

/**
 * For which topics a client's cursor cannot be honoured, and why.
 *
 * @param reason why
 * @param topics at least one
 */
record Reset(Reason reason, List<String> topics) {
  Reset {
    topics = List.copyOf(topics);
  }

  /** Why a cursor cannot be honoured; on the wire in lower case. */
  enum Reason {
    /** History no longer holds what came after it. */
    TRIMMED,
    /** The topic's history was cleared. */
    CLEARED,
    /** It belongs to another lifetime of the sequence. */
    EPOCH,
    /** Redis went back in time: what it names never happened. */
    GENERATION,
    /** It cannot be read, or names a place that does not exist. */
    INVALID;

    String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
