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
 *
 * <p>Within a burst (the last time several came at once) it also takes what stands in the sockets
 * already: while each turn of the thread brings more, it waits for the next one. Else the first of
 * 64 publishers goes alone, and the others wait for its fan-out. Nothing waits where nobody else
 * publishes.
 */
final class HandOff<T> {
  /** Bounds how long whatever else the hub thread has to do waits behind a burst. */
  private static final int BATCH = 1_024;

  /** Turns that the first of a burst waits for others, at most. */
  private static final int TURNS = 4;

  private final HubThread hubThread;
  private final Consumer<List<T>> taker;
  private final Consumer<T> refuser;
  private final Queue<T> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  // Only on the hub thread.
  private List<T> gathered = new ArrayList<>();
  private int turns;
  private boolean burst;

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
    int before = gathered.size();
    for (T next; gathered.size() < BATCH && (next = waiting.poll()) != null; ) {
      gathered.add(next);
    }
    boolean more = gathered.size() > before && gathered.size() < BATCH;
    if (burst && more && turns++ < TURNS && hubThread.runNextTurn(this::drain)) {
      return;
    }
    List<T> batch = gathered;
    gathered = new ArrayList<>();
    turns = 0;
    burst = batch.size() > 1;
    HubThread.guarded(() -> taker.accept(batch));
    scheduled.set(false);
    if (!waiting.isEmpty()) {
      schedule();
    }
  }
}
