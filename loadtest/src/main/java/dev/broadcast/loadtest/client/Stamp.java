package dev.broadcast.loadtest.client;

/**
 * What the text of a message says about itself, in fixed-width hexadecimal: {@code
 * RUN-PUBLISHER-SEQUENCE-DUE-}, then padding. The run keeps messages of an earlier run (a replayed
 * history) apart; the sequence counts from 1 for each publisher; due is the moment the message was
 * meant to leave, in {@link System#nanoTime()}.
 *
 * <p>A mutable view, so that reading a million messages a second allocates nothing.
 */
final class Stamp {
  static final int LENGTH = 40;
  static final int MAX_PUBLISHERS = 0xfff;

  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final byte[] VALUES = values();

  private static final int RUN = 0;
  private static final int PUBLISHER = 9;
  private static final int SEQUENCE = 13;
  private static final int DUE = 22;
  private static final int END = 38;

  private int run;
  private int publisher;
  private int sequence;
  private long dueNanos;

  /** Reads a message's text; false when it is not one of the load client's. */
  boolean read(byte[] text, int length) {
    if (length < LENGTH
        || text[PUBLISHER - 1] != '-'
        || text[SEQUENCE - 1] != '-'
        || text[DUE - 1] != '-'
        || text[END] != '-'
        || text[END + 1] != '-') {
      return false;
    }
    run = (int) hex(text, RUN, PUBLISHER - 1);
    publisher = (int) hex(text, PUBLISHER, SEQUENCE - 1);
    sequence = (int) hex(text, SEQUENCE, DUE - 1);
    dueNanos = hex(text, DUE, END);
    return true;
  }

  int run() {
    return run;
  }

  /** From 0. */
  int publisher() {
    return publisher;
  }

  /** From 1. */
  int sequence() {
    return sequence;
  }

  long dueNanos() {
    return dueNanos;
  }

  static void write(byte[] into, int at, int run, int publisher, int sequence, long dueNanos) {
    hex(into, at + RUN, 8, run & 0xffffffffL);
    into[at + PUBLISHER - 1] = '-';
    hex(into, at + PUBLISHER, 3, publisher);
    into[at + SEQUENCE - 1] = '-';
    hex(into, at + SEQUENCE, 8, sequence);
    into[at + DUE - 1] = '-';
    hex(into, at + DUE, 16, dueNanos);
    into[at + END] = '-';
    into[at + END + 1] = '-';
  }

  private static void hex(byte[] into, int at, int digits, long value) {
    for (int i = digits - 1; i >= 0; i--) {
      into[at + i] = DIGITS[(int) (value & 15)];
      value >>>= 4;
    }
  }

  private static long hex(byte[] text, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 4 | VALUES[text[i] & 0xff];
    }
    return value;
  }

  private static byte[] values() {
    byte[] values = new byte[256];
    for (byte i = 0; i < 16; i++) {
      values[DIGITS[i]] = i;
    }
    return values;
  }
}
