package dev.broadcast.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishers that publish until told to stop, each in a thread of its own; a seed decides what,
 * singly or in small batches. Whoever stops them knows that everything they began is acknowledged.
 */
final class Traffic {

  private static final List<String> TYPES = List.of("", "update", "create");
  private static final List<List<String>> TARGETS =
      List.of(List.of(), List.of("u1"), List.of("u2"));

  private final List<String> topics;
  private final Duration pause;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;
  private volatile @Nullable Throwable failure;

  /**
   * @param pause between two publishes of one publisher
   */
  Traffic(List<String> topics, Duration pause) {
    this.topics = List.copyOf(topics);
    this.pause = pause;
  }

  void start(Publisher publisher, long seed) {
    var thread = new Thread(() -> publish(publisher, new Random(seed)), "publisher-" + seed);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  /** Ends them after the message they are at; fails when one of them failed. */
  void stop() {
    stopping = true;
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(60).toMillis());
        if (thread.isAlive()) {
          throw new AssertionError(thread.getName() + " does not get its message acknowledged");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    if (failure != null) {
      throw new AssertionError("a publisher failed", failure);
    }
  }

  private void publish(Publisher publisher, Random random) {
    try {
      while (!stopping) {
        int size = random.nextInt(8) == 0 ? 2 + random.nextInt(6) : 1;
        var drafts = new ArrayList<Publisher.Draft>();
        for (int i = 0; i < size; i++) {
          drafts.add(
              new Publisher.Draft(
                  pick(topics, random), pick(TYPES, random), pick(TARGETS, random)));
        }
        publisher.publish(drafts);
        LockSupport.parkNanos(pause.toNanos());
      }
    } catch (RuntimeException | AssertionError e) {
      failure = e;
    }
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
