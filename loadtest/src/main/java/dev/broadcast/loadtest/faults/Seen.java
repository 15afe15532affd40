package dev.broadcast.loadtest.faults;

/**
 * One thing that a client saw.
 *
 * @param what which
 * @param connection the client's connections counted from 1
 * @param nanos when
 * @param data of the event, or why a connection ended, or where it went
 * @param type of the event
 * @param id the last event id with it
 * @param storedMillis when Redis stored the message, since 1970; 0 where the client is not told
 */
record Seen(
    What what, int connection, long nanos, String data, String type, String id, long storedMillis) {

  /** Kinds of it. */
  enum What {
    /** The answer was 200 and a stream. */
    OPENED,
    /** The stream ended, or none came about. */
    ENDED,
    /** An answer at which an EventSource gives up for good. */
    GIVEN_UP,
    CONNECTED,
    MESSAGE,
    RESET,
    CLOSING
  }
}
