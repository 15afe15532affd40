package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Publishers at work, each in a thread of its own, until they are told to rest. Any thread. */
final class Traffic {
  private static final List<String> TYPES = List.of("", "update", "create");
  private static final List<List<String>> TARGETS =
      List.of(List.of(), List.of(), List.of("u1"), List.of("u2"));

  private final List<String> topics;
  private final Ledger ledger;
  private final long pauseMillis;
  private final List<Thread> threads = new ArrayList<>();
  private boolean working;
  private int busy;
  private @Nullable Throwable failure;

  /**
   * @param pauseMillis between two publishes of one publisher
   */
  Traffic(List<String> topics, Ledger ledger, long pauseMillis) {
    this.topics = topics;
    this.ledger = ledger;
    this.pauseMillis = pauseMillis;
  }

  /** Adds one; it rests until {@link #work}. */
  void add(String name, Publisher publisher, long seed) {
    Thread thread = new Thread(() -> run(name, publisher, new Random(seed)), name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  synchronized void work() {
    working = true;
    ledger.begin();
    notifyAll();
  }

  /** Lets them end what they are at; returns when all rest. */
  synchronized void rest() throws InterruptedException {
    working = false;
    while (busy > 0 && failure == null) {
      wait(100);
    }
    check();
  }

  /** Throws what went wrong in a publisher. */
  synchronized void check() {
    if (failure != null) {
      throw new IllegalStateException("a publisher failed: " + failure.getMessage(), failure);
    }
  }

  void stop() {
    threads.forEach(Thread::interrupt);
  }

  private synchronized void awaitTurn() throws InterruptedException {
    while (!working) {
      wait();
    }
    busy++;
  }

  private synchronized void ended(@Nullable Throwable how) {
    busy--;
    failure = how == null ? failure : how;
    notifyAll();
  }

  private void run(String name, Publisher publisher, Random random) {
    try {
      while (true) {
        awaitTurn();
        Throwable how = null;
        try {
          publish(name, publisher, random);
        } catch (RuntimeException e) {
          how = e;
        } finally {
          ended(how);
        }
        Thread.sleep(pauseMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(String name, Publisher publisher, Random random)
      throws InterruptedException {
    int kind = random.nextInt(8);
    if (kind < 4) { // Half of them: what is stored after all shows on those without a key alone.
      publisher.tryOnce(open(name, random));
      return;
    }
    int size = kind == 4 ? 2 + random.nextInt(6) : 1;
    List<Sent> batch = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      batch.add(open(name, random));
    }
    publisher.publish(batch);
  }

  private Sent open(String name, Random random) {
    return ledger.open(name, pick(topics, random), pick(TYPES, random), pick(TARGETS, random));
  }

  /** One last message on each topic: once it is there, nothing before it can be on its way. */
  void mark(Publisher publisher) throws InterruptedException {
    for (String topic : topics) {
      publisher.publish(List.of(ledger.open("p0", topic, "update", List.of())));
    }
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
