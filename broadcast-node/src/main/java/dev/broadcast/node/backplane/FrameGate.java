package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the frames of a shard's channel through to the {@link Feed} that fit the state it was told,
 * and holds, within a bound, what arrives before it was told one. Only on the hub thread.
 */
final class FrameGate {
  private static final int HELD_BYTES = 4 << 20;

  private final int shard;
  private final List<Frame> held = new ArrayList<>();
  private int heldBytes;

  FrameGate(int shard) {
    this.shard = shard;
  }

  /** Beyond the bound it is dropped: a hole, which the reader of the shard finds. */
  void hold(Frame frame) {
    int bytes = frame instanceof Frame.Entries entries ? entries.bytes() : 64;
    if (heldBytes + bytes <= HELD_BYTES) {
      heldBytes += bytes;
      held.add(frame);
    }
  }

  void dropHeld() {
    held.clear();
    heldBytes = 0;
  }

  /** The feed was told the state: what was held and fits it follows. */
  void open(ShardState state, Feed feed) {
    List<Frame> frames = List.copyOf(held);
    dropHeld();
    for (Frame frame : frames) {
      if (fits(state, frame)) {
        deliver(frame, feed);
      }
    }
  }

  void deliver(Frame frame, Feed feed) {
    if (frame instanceof Frame.Entries entries) {
      feed.received(shard, entries.entries());
    } else if (frame instanceof Frame.Probe probe) {
      feed.probed(shard, probe.head(), probe.millis());
    }
  }

  static boolean fits(ShardState state, Frame frame) {
    return frame.epoch().equals(state.epoch()) && frame.generation().equals(state.generation());
  }

  /** Whether it is of a generation that ended. */
  static boolean isPast(ShardState state, Frame frame) {
    return frame.epoch().equals(state.epoch())
        && state.lineage().stream()
            .anyMatch(start -> start.generation().equals(frame.generation()));
  }

  /** Whether the master, by its own word, went back behind what this node has read. */
  static boolean isBehind(@Nullable MessageId position, Frame frame) {
    return frame instanceof Frame.Probe probe
        && position != null
        && position.epoch().equals(probe.epoch())
        && position.generation().equals(probe.generation())
        && probe.head().sequence() < position.sequence();
  }
}
