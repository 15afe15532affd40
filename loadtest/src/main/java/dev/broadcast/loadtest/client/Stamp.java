package dev.broadcast.loadtest.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

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
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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
    run = (int) eightDigits(text, RUN);
    // The three digits, and the dash and four digits behind them.
    publisher = (int) (eightDigits(text, PUBLISHER) >>> 20);
    sequence = (int) eightDigits(text, SEQUENCE);
    dueNanos = eightDigits(text, DUE) << 32 | eightDigits(text, DUE + 8);
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

  /**
   * All eight at once, since it is done for every delivery. A digit's value is its low nibble, and
   * 9 more for a letter, which bit 6 tells.
   */
  private static long eightDigits(byte[] text, int from) {
    long digits = (long) EIGHT.get(text, from);
    long nibbles = (digits & 0x0f0f0f0f0f0f0f0fL) + 9 * (digits >>> 6 & 0x0101010101010101L);
    long bytes = (nibbles | nibbles >>> 4) & 0x00ff00ff00ff00ffL;
    long shorts = (bytes | bytes >>> 8) & 0x0000ffff0000ffffL;
    return (shorts | shorts >>> 16) & 0xffffffffL;
  }
}
