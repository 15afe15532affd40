package dev.broadcast.e2e;

import java.util.List;

/**
 * One message a publisher tried to publish, and how that ended.
 *
 * @param number counts the publisher's messages on this topic, from 1
 * @param type empty for an unnamed event
 * @param id what the node answered; empty unless acknowledged
 * @param ordered whether its place among its publisher's messages is promised; not for an item of a
 *     batch that had to be mended
 * @param startedNanos {@link System#nanoTime} before the first attempt
 * @param endedNanos the same when the outcome was known
 */
record Sent(
    String publisher,
    String topic,
    long number,
    String type,
    List<String> targets,
    Outcome outcome,
    String id,
    boolean ordered,
    long startedNanos,
    long endedNanos) {

  /** What the publisher knows. */
  enum Outcome {
    /** 200: every client must get it. */
    ACKNOWLEDGED,
    /** A definite no: nobody may get it. */
    REFUSED,
    /** The answer is lost or says so: it may appear once or never. */
    UNKNOWN
  }

  /** The data by which clients tell it from all others. */
  String data() {
    return publisher + "|" + topic + "|" + number;
  }
}
