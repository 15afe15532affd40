package dev.broadcast.loadtest.server;

/** What not every server can do; a work that needs it leaves out the servers that cannot. */
public enum Ability {
  /**
   * Streams of one topic: {@code GET /events?topic=NAME}. Published to as {@code {"topic": NAME,
   * "data": text}}, by those that take plain text at {@code POST /events?topic=NAME}.
   */
  TOPICS,
  /** A history of at least 1,000 messages that {@code Last-Event-ID} walks through. */
  RESUME,
  /** Several messages in one request, as NDJSON. */
  BATCHES,
  /** Topics spread over sequences of their own, one or several, on one server or several. */
  SHARDS
}
