package dev.broadcast.node.hub;

import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one connection's socket: nothing while it keeps up; else frames shared with all
 * others, up to a bound of messages and bytes. What is not a live message (control events, pages)
 * is never dropped. Only on the connection's event loop.
 */
class SendQueue {
  /**
   * @param bytes ours to release
   * @param messages live messages in it; 0 for what must not be dropped
   * @param shard of the messages
   * @param before position in that shard before them
   */
  private record Frame(ByteBuf bytes, int messages, int shard, long before) {}

  private final StreamTransport transport;
  private final int maxMessages;
  private final long maxBytes;
  private @Nullable ArrayDeque<Frame> frames;
  private int messages;
  private long bytes;
  private long lastSent;
  private long stalledSince;
  private long events;
  private boolean ending;

  SendQueue(StreamTransport transport, int maxMessages, long maxBytes, long now) {
    this.transport = transport;
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
    this.lastSent = now;
  }

  /** Whether everything given so far has left. */
  boolean idle() {
    return frames == null && transport.drained();
  }

  boolean hasMessages() {
    return messages > 0;
  }

  /** Live messages that wait. */
  int messages() {
    return messages;
  }

  /** Bytes that wait. */
  long bytes() {
    return bytes;
  }

  /**
   * Takes live messages, if there is room.
   *
   * @return false if there is none; then the connection is behind
   */
  boolean offer(ByteBuf frame, int count, int shard, long before, long now) {
    if (idle()) {
      events += count;
      write(frame, now);
      return true;
    }
    if (messages + count > maxMessages || bytes + frame.readableBytes() > maxBytes) {
      return false;
    }
    enqueue(new Frame(frame.retainedDuplicate(), count, shard, before));
    return true;
  }

  /**
   * Takes something that never was a message, if there is room; it is not dropped with messages.
   *
   * @return false if there is none
   */
  boolean offerAlone(ByteBuf frame, long now) {
    if (!idle() && bytes + frame.readableBytes() > maxBytes) {
      return false;
    }
    send(frame, 1, now);
    return true;
  }

  /**
   * Takes what must not be dropped.
   *
   * @param count messages in it
   */
  void send(ByteBuf frame, int count, long now) {
    events += count;
    send(frame, now);
  }

  /** Takes what must not be dropped and is the node's own. */
  void send(ByteBuf frame, long now) {
    if (idle()) {
      transport.begin(frame);
      given(now);
    } else {
      enqueue(new Frame(frame.retainedDuplicate(), 0, -1, 0));
    }
  }

  /** Live messages never are the first bytes. */
  private void write(ByteBuf frame, long now) {
    transport.write(frame);
    given(now);
  }

  private void given(long now) {
    lastSent = now;
    if (!transport.drained()) {
      stalledSince = now;
    }
  }

  private void enqueue(Frame frame) {
    if (frames == null) {
      frames = new ArrayDeque<>(4);
    }
    frames.add(frame);
    messages += frame.messages;
    bytes += frame.bytes.readableBytes();
  }

  /** The socket took what it had: gives it what waits. */
  void drained(long now) {
    while (frames != null && transport.drained()) {
      Frame frame = frames.remove();
      if (frames.isEmpty()) {
        frames = null;
      }
      messages -= frame.messages;
      bytes -= frame.bytes.readableBytes();
      events += frame.messages;
      write(frame.bytes, now);
      frame.bytes.release();
    }
    if (ending && frames == null) {
      transport.end();
    }
  }

  /**
   * Drops the live messages that wait.
   *
   * @param at positions as if nothing waited, one a shard
   * @return positions before what was dropped
   */
  long[] dropMessages(Selection selection, long[] at) {
    if (frames != null) {
      boolean[] seen = new boolean[at.length];
      for (Frame frame : frames) {
        int index = frame.messages == 0 ? -1 : selection.indexOf(frame.shard);
        if (index >= 0 && !seen[index]) {
          seen[index] = true;
          at[index] = frame.before;
        }
      }
      frames.removeIf(
          frame -> {
            if (frame.messages > 0) {
              bytes -= frame.bytes.readableBytes();
              frame.bytes.release();
            }
            return frame.messages > 0;
          });
      messages = 0;
      if (frames.isEmpty()) {
        frames = null;
      }
    }
    return at;
  }

  /** Messages, and events for this connection alone, that were given to the socket or will be. */
  long events() {
    return events;
  }

  /** Nanoseconds since anything was given to the socket. */
  long silentFor(long now) {
    return now - lastSent;
  }

  /** Nanoseconds for which the socket took nothing though something waits; 0 if nothing does. */
  long stalledFor(long now) {
    return transport.drained() ? 0 : now - Math.max(stalledSince, transport.lastProgress());
  }

  /** Ends the stream once everything has left. */
  void endWhenIdle() {
    ending = true;
    if (frames == null) {
      transport.end();
    }
  }

  void abort() {
    transport.abort();
  }

  void release() {
    if (frames != null) {
      frames.forEach(frame -> frame.bytes.release());
      frames = null;
    }
  }
}
