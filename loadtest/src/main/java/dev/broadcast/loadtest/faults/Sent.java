package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.List;

/** A message that a publisher tried to publish, and how that went. Any thread. */
final class Sent {
  /** What the publisher knows in the end. */
  enum Outcome {
    /** Stored: every client must get it. */
    ACKNOWLEDGED,
    /** A definite no to each attempt: nobody may get it. */
    REFUSED,
    /** An answer is missing or says so: it may come once or never. */
    UNKNOWN
  }

  /**
   * One request.
   *
   * @param node which one was asked, from 0
   * @param startNanos when
   * @param endNanos when the answer, or its lack, was known
   * @param answer what it was, shortened
   */
  record Attempt(int node, long startNanos, long endNanos, String answer) {}

  final String publisher;
  final String topic;
  final long number;
  final String type;
  final List<String> targets;

  /** Whether its place among its publisher's is promised: not for an item sent again alone. */
  private boolean ordered = true;

  private final List<Attempt> attempts = new ArrayList<>();
  private Outcome outcome = Outcome.UNKNOWN;
  private String id = "";
  private long toldMillis;

  Sent(String publisher, String topic, long number, String type, List<String> targets) {
    this.publisher = publisher;
    this.topic = topic;
    this.number = number;
    this.type = type;
    this.targets = targets;
  }

  /** By which everybody tells it from all others. */
  String data() {
    return publisher + "|" + topic + "|" + number;
  }

  synchronized void attempted(Attempt attempt) {
    attempts.add(attempt);
  }

  synchronized void ended(Outcome how, String withId) {
    outcome = how;
    id = withId;
  }

  /** The answer said that nobody knows; until then it was stored or never will be. */
  synchronized void toldAt(long millis) {
    toldMillis = millis;
  }

  /** When that answer came, since 1970; 0 if there was none. */
  synchronized long toldMillis() {
    return toldMillis;
  }

  synchronized void unordered() {
    ordered = false;
  }

  synchronized boolean ordered() {
    return ordered;
  }

  synchronized Outcome outcome() {
    return outcome;
  }

  boolean acknowledged() {
    return outcome() == Outcome.ACKNOWLEDGED;
  }

  /** What the node answered; empty unless acknowledged. */
  synchronized String id() {
    return id;
  }

  synchronized List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  synchronized long startNanos() {
    return attempts.isEmpty() ? 0 : attempts.get(0).startNanos();
  }

  synchronized long endNanos() {
    return attempts.isEmpty() ? 0 : attempts.get(attempts.size() - 1).endNanos();
  }
}
