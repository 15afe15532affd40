package dev.broadcast.node.hub;

import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client's socket: takes bytes at once or stalls, loses what is on its way when it is cut. */
final class SimTransport implements StreamTransport {
  private final SimScheduler scheduler;
  private final SimScheduler.Actor loop;
  private final SimScheduler.Actor wire;
  private final SimClient client;
  private final Listener listener;
  private final List<byte[]> onTheWire = new ArrayList<>();
  private final List<byte[]> pending = new ArrayList<>();
  private long progress;
  private boolean begun;
  private boolean stalled;
  private boolean ended;
  private boolean cut;
  private boolean closed;
  private boolean aborted;

  SimTransport(
      SimScheduler scheduler, SimScheduler.Actor loop, SimClient client, Listener listener) {
    this.scheduler = scheduler;
    this.loop = loop;
    this.client = client;
    this.listener = listener;
    wire = scheduler.actor(client.name + " wire");
    progress = scheduler.nanos();
  }

  @Override
  public void begin(ByteBuf bytes) {
    begun = true;
    write(bytes);
  }

  @Override
  public void write(ByteBuf bytes) {
    if (!begun) {
      throw new IllegalStateException("written to before it began");
    }
    if (!drained()) {
      throw new IllegalStateException("written to while not drained");
    }
    if (ended) {
      throw new IllegalStateException("written to after its end");
    }
    if (closed || cut || aborted) {
      return;
    }
    byte[] copy = ByteBufUtil.getBytes(bytes);
    if (stalled) {
      pending.add(copy);
    } else {
      send(copy);
    }
  }

  private void send(byte[] bytes) {
    progress = scheduler.nanos();
    onTheWire.add(bytes);
    wire.execute(() -> client.receive(this, onTheWire.remove(0)));
  }

  @Override
  public boolean drained() {
    return pending.isEmpty();
  }

  @Override
  public long lastProgress() {
    return drained() ? scheduler.nanos() : progress;
  }

  @Override
  public long pending() {
    return pending.size();
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      if (drained()) {
        finish();
      }
    }
  }

  @Override
  public void abort() {
    aborted = true;
    pending.clear();
    finish();
  }

  private void finish() {
    wire.execute(() -> client.disconnected(this));
    loop.execute(this::close);
  }

  private void close() {
    if (!closed) {
      closed = true;
      listener.onClosed();
    }
  }

  // What happens to it.

  void stall() {
    stalled = true;
  }

  /** Takes one piece of what waits, and no more. */
  void drip() {
    loop.execute(
        () -> {
          if (pending.size() > 1 && !cut && !closed) {
            send(pending.remove(0));
          }
        });
  }

  /** Takes what waits. */
  void flow() {
    stalled = false;
    loop.execute(
        () -> {
          if (pending.isEmpty() || cut || closed) {
            return;
          }
          pending.forEach(this::send);
          pending.clear();
          if (ended) {
            finish();
          } else {
            listener.onDrained();
          }
        });
  }

  /** The client or the network ends it: some of what is on its way still arrives. */
  void cut() {
    if (cut) {
      return;
    }
    cut = true;
    wire.clear();
    int whole = scheduler.random.nextInt(onTheWire.size() + 1);
    for (int i = 0; i < whole; i++) {
      client.receive(this, onTheWire.get(i));
    }
    if (whole < onTheWire.size()) {
      byte[] last = onTheWire.get(whole);
      client.receive(this, Arrays.copyOf(last, scheduler.random.nextInt(last.length + 1)));
    }
    onTheWire.clear();
    loop.execute(this::close);
  }
}
