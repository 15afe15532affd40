package dev.broadcast.loadtest.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads HTTP/1.1 answers from whatever pieces the socket gives: the head, then a body that is
 * chunked, counted or ends with the connection. Body bytes are handed on as they come; the pieces'
 * borders mean nothing.
 */
final class AnswerReader {
  /** Takes the body's bytes, {@code from} inclusive, {@code to} exclusive. */
  @FunctionalInterface
  interface Body {
    void bytes(byte[] buffer, int from, int to);
  }

  private enum State {
    HEAD,
    COUNTED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    COMPLETE
  }

  private static final int HEAD_LIMIT = 64 * 1024;

  private State state = State.HEAD;
  private byte[] head = new byte[512];
  private int headLength;
  private int status;
  private Map<String, String> headers = Map.of();
  private byte[] knownHead = {};
  private int knownStatus;
  private Map<String, String> knownHeaders = Map.of();
  private long remaining;
  private boolean sizeDigits;
  private boolean sizeExtension;
  private int trailerLine;

  /**
   * Takes what a socket gave.
   *
   * @throws ProtocolException when it is no HTTP answer
   */
  void read(byte[] buffer, int from, int to, Body body) {
    int at = from;
    while (at < to) {
      switch (state) {
        case HEAD -> at = readHead(buffer, at, to);
        case UNTIL_CLOSE -> {
          body.bytes(buffer, at, to);
          at = to;
        }
        case COUNTED, CHUNK -> {
          int end = (int) Math.min(to, at + remaining);
          body.bytes(buffer, at, end);
          remaining -= end - at;
          at = end;
          if (remaining == 0) {
            state = state == State.CHUNK ? State.CHUNK_END : State.COMPLETE;
          }
        }
        case CHUNK_SIZE -> readSize(buffer[at++]);
        case CHUNK_END -> {
          byte next = buffer[at++];
          if (next == '\n') {
            startChunk();
          } else if (next != '\r') {
            throw new ProtocolException("a chunk is longer than its size");
          }
        }
        case TRAILER -> readTrailer(buffer[at++]);
        case COMPLETE -> throw new ProtocolException("bytes after the end of an answer");
      }
    }
  }

  boolean headComplete() {
    return state != State.HEAD;
  }

  boolean complete() {
    return state == State.COMPLETE;
  }

  int status() {
    return status;
  }

  /** Whether the server ends the connection after this answer. */
  boolean closes() {
    return state == State.UNTIL_CLOSE
        || headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
  }

  /** A header's value, by its lower-case name; empty when absent. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Makes ready for the next answer on the same connection. */
  void next() {
    state = State.HEAD;
    headLength = 0;
    status = 0;
    headers = Map.of();
  }

  private int readHead(byte[] buffer, int from, int to) {
    for (int at = from; at < to; at++) {
      if (headLength == head.length) {
        if (headLength >= HEAD_LIMIT) {
          throw new ProtocolException("a head of more than " + HEAD_LIMIT + " bytes");
        }
        head = Arrays.copyOf(head, 2 * headLength);
      }
      head[headLength++] = buffer[at];
      if (buffer[at] == '\n' && endsHead()) {
        if (!sameHeadAgain()) {
          understandHead(new String(head, 0, headLength, StandardCharsets.ISO_8859_1));
        }
        return at + 1;
      }
    }
    return to;
  }

  private boolean endsHead() {
    return headLength >= 4
        && head[headLength - 2] == '\r'
        && head[headLength - 3] == '\n'
        && head[headLength - 4] == '\r';
  }

  /**
   * Whether the head is, byte for byte, the one before on this connection; then it means the same.
   * A publisher's answers mostly are, and understanding one costs more than the rest of a publish.
   */
  private boolean sameHeadAgain() {
    if (!Arrays.equals(head, 0, headLength, knownHead, 0, knownHead.length)) {
      return false;
    }
    status = knownStatus;
    headers = knownHeaders;
    startBody();
    return true;
  }

  private void understandHead(String text) {
    String[] lines = text.split("\r\n", -1);
    String[] first = lines[0].split(" ", 3);
    if (first.length < 2
        || !first[0].startsWith("HTTP/1.")
        || !first[1].matches("[1-5][0-9][0-9]")) {
      throw new ProtocolException("no HTTP/1 answer: " + lines[0]);
    }
    status = Integer.parseInt(first[1]);
    if (status < 200) {
      headLength = 0;
      return;
    }
    Map<String, String> fields = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        fields.put(
            lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
            lines[i].substring(colon + 1).trim());
      }
    }
    headers = fields;
    knownHead = Arrays.copyOf(head, headLength);
    knownStatus = status;
    knownHeaders = fields;
    startBody();
  }

  private void startBody() {
    if (header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
      startChunk();
    } else if (status == 204 || status == 304) {
      state = State.COMPLETE;
    } else if (!header("content-length").isEmpty()) {
      remaining = Long.parseLong(header("content-length"));
      state = remaining == 0 ? State.COMPLETE : State.COUNTED;
    } else {
      state = State.UNTIL_CLOSE;
    }
  }

  private void startChunk() {
    remaining = 0;
    sizeDigits = false;
    sizeExtension = false;
    state = State.CHUNK_SIZE;
  }

  private void readSize(byte next) {
    int digit = Character.digit(next, 16);
    if (next == '\n') {
      if (!sizeDigits) {
        throw new ProtocolException("a chunk without a size");
      }
      trailerLine = 0;
      state = remaining == 0 ? State.TRAILER : State.CHUNK;
    } else if (next == ';') {
      sizeExtension = true;
    } else if (digit >= 0 && !sizeExtension) {
      remaining = remaining << 4 | digit;
      sizeDigits = true;
    } else if (next != '\r' && next != ' ' && !sizeExtension) {
      throw new ProtocolException("a chunk's size holds byte " + next);
    }
  }

  private void readTrailer(byte next) {
    if (next == '\n') {
      if (trailerLine == 0) {
        state = State.COMPLETE;
      }
      trailerLine = 0;
    } else if (next != '\r') {
      trailerLine++;
    }
  }
}
