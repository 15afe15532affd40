package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Hands what many threads bring to the hub thread, in order, as many at once as came while it was
 * busy: one task for a burst, not one each.
 */
final class HandOff<T> {
  /** Bounds how long whatever else the hub thread has to do waits behind a burst. */
  private static final int BATCH = 1_024;

  private final HubThread hubThread;
  private final Consumer<List<T>> taker;
  private final Consumer<T> refuser;
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /**
   * @param taker gets them on the hub thread
   * @param refuser gets them, on any thread, once the hub thread takes no more work
   */
  HandOff(HubThread hubThread, Consumer<List<T>> taker, Consumer<T> refuser) {
    this.hubThread = hubThread;
    this.taker = taker;
    this.refuser = refuser;
  }

  /** From any thread. */
  void offer(T item) {
    waiting.add(item);
    schedule();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true) && !hubThread.run(this::drain)) {
      scheduled.set(false);
      for (T next; (next = waiting.poll()) != null; ) {
        refuser.accept(next);
      }
    }
  }

  private void drain() {
    List<T> batch = new ArrayList<>();
    for (T next; batch.size() < BATCH && (next = waiting.poll()) != null; ) {
      batch.add(next);
    }
    HubThread.guarded(() -> taker.accept(batch));
    scheduled.set(false);
    if (!waiting.isEmpty()) {
      schedule();
    }
  }
}
