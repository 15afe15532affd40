package dev.broadcast.node.broadcaster;

import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The stream of a subscriber within the process: what would leave on a socket is handed to a worker
 * instead. As long as the worker is at it, the transport is not drained; so a consumer that blocks
 * is a slow client like any other. Used on its event loop, but for the worker's part.
 */
final class LocalTransport implements StreamTransport {
  private final Executor loop;
  private final Executor worker;
  private final Consumer<String> consumer;
  private final Listener listener;
  private final Runnable closed;
  private final Deque<String> waiting = new ArrayDeque<>();
  private long pending;
  private long lastProgress = System.nanoTime();
  private boolean working;
  private boolean ending;
  private boolean over;

  /**
   * @param loop the event loop that owns the stream
   * @param worker runs the consumer
   * @param consumer gets whole blocks of an event stream, one text after another
   * @param closed told once that nothing follows, on the worker
   */
  LocalTransport(
      Executor loop,
      Executor worker,
      Consumer<String> consumer,
      Listener listener,
      Runnable closed) {
    this.loop = loop;
    this.worker = worker;
    this.consumer = consumer;
    this.listener = listener;
    this.closed = closed;
  }

  @Override
  public void write(ByteBuf bytes) {
    if (over || ending) {
      return;
    }
    pending += bytes.readableBytes();
    waiting.add(bytes.toString(StandardCharsets.UTF_8));
    work();
  }

  private void work() {
    if (working || waiting.isEmpty() || over) {
      return;
    }
    working = true;
    String blocks = waiting.remove();
    worker.execute(
        () -> {
          try {
            consumer.accept(blocks);
          } finally {
            loop.execute(() -> worked(blocks));
          }
        });
  }

  private void worked(String blocks) {
    working = false;
    pending -= blocks.getBytes(StandardCharsets.UTF_8).length;
    lastProgress = System.nanoTime();
    if (over) {
      return;
    }
    if (!waiting.isEmpty()) {
      work();
    } else if (ending) {
      finish();
    } else {
      listener.onDrained();
    }
  }

  @Override
  public boolean drained() {
    return !working && waiting.isEmpty();
  }

  @Override
  public long lastProgress() {
    return drained() ? System.nanoTime() : lastProgress;
  }

  @Override
  public long pending() {
    return pending;
  }

  @Override
  public void end() {
    ending = true;
    if (drained()) {
      loop.execute(this::finish);
    }
  }

  @Override
  public void abort() {
    loop.execute(this::finish);
  }

  private void finish() {
    if (!over) {
      over = true;
      waiting.clear();
      worker.execute(closed);
      listener.onClosed();
    }
  }
}
