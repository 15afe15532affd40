package dev.broadcast.node.hub;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's part of the hub: its connections, grouped into cohorts, and how far each shard
 * was handed to them. Only on its event loop, but for {@link #tell} and {@link #pagesUnderWay}.
 */
final class Loop implements Turns.Room {
  private final Executor executor;
  private final LongSupplier nanoTime;
  private final ByteBufAllocator allocator;
  private final HubContext hub;
  private final Queue<Notice> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicInteger pagesUnderWay = new AtomicInteger();
  private final Cohorts cohorts = new Cohorts();
  private final Map<String, Connection> connections = new HashMap<>();
  private final Watchers watchers = new Watchers();
  private final Roll roll = new Roll();
  private final List<Cohort> touched = new ArrayList<>();
  private final @Nullable Lineage[] lineages;
  private final long[] positions;
  private final int[] versions;
  private final boolean[] attached;
  private final List<Connection> endedMeanwhile = new ArrayList<>();
  private final Map<Connection, Runnable> awaited = new HashMap<>();
  private volatile QueueSample sampled = QueueSample.NONE;
  private boolean iterating;
  private int touchedShard;

  Loop(
      Executor executor,
      LongSupplier nanoTime,
      ByteBufAllocator allocator,
      int shards,
      HubContext hub) {
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.allocator = allocator;
    this.hub = hub;
    lineages = new Lineage[shards];
    positions = new long[shards];
    versions = new int[shards];
    attached = new boolean[shards];
  }

  /** From the hub thread: everything told is handled in this order, as soon as the loop is free. */
  void tell(Notice notice) {
    if (notice instanceof Notice.PageReady) {
      pagesUnderWay.incrementAndGet();
    }
    inbox.add(notice);
    if (scheduled.compareAndSet(false, true)) {
      executor.execute(this::drain);
    }
  }

  @Override
  public int pagesUnderWay() {
    return pagesUnderWay.get();
  }

  /** Runs a step on this loop. */
  void execute(Runnable step) {
    executor.execute(step);
  }

  private void drain() {
    scheduled.set(false);
    int pages = 0;
    for (Notice next = inbox.poll(); next != null; next = inbox.poll()) {
      if (next instanceof Notice.Delivery delivery) {
        take(delivery);
      } else {
        sendRuns();
        handle(next);
        pages += next instanceof Notice.PageReady ? 1 : 0;
      }
    }
    sendRuns();
    if (pages > 0) {
      pagesUnderWay.addAndGet(-pages);
      hub.pagesSent();
    }
  }

  private void handle(Notice notice) {
    if (notice instanceof Notice.PageReady ready) {
      ready.connection().walked(ready.token(), ready.page());
    } else if (notice instanceof Notice.Waiting waiting) {
      waiting.connection().waits();
    } else if (notice instanceof Notice.Attached change) {
      attached[change.shard()] = change.attached();
    } else if (notice instanceof Notice.Lost lost) {
      lost(lost);
    } else if (notice instanceof Notice.ShardMoved moved) {
      moved(moved);
    }
  }

  /** Sorts messages into the runs of the cohorts that want them. */
  private void take(Notice.Delivery delivery) {
    if (touchedShard != delivery.shard()) {
      sendRuns(); // a cursor may name another shard's position only after what lies before it
      touchedShard = delivery.shard();
    }
    for (Event event : delivery.events()) {
      int matching = 0;
      List<Cohort> interested = cohorts.of(event.topic());
      // Backwards: a write that fails may end the last member, and with it the cohort.
      for (int i = interested.size() - 1; i >= 0; i--) {
        matching += interested.get(i).take(event, delivery.shard());
      }
      if (delivery.tally() != null) {
        delivery.tally().add(event, matching);
      }
    }
    // Cohorts whose run is not sent yet are not behind their loop: nothing looks in between.
    positions[delivery.shard()] = delivery.upTo();
    if (delivery.tally() != null) {
      delivery.tally().loopDone();
    }
  }

  /** A cohort has something to send at the end of this turn. */
  void touch(Cohort cohort) {
    touched.add(cohort);
  }

  private void sendRuns() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).sendRun(touchedShard);
    }
    touched.clear();
  }

  private void lost(Notice.Lost lost) {
    forEach(connection -> connection.lost(lost.shard(), lost.reset()));
    positions[lost.shard()] = lost.sequence();
  }

  private void moved(Notice.ShardMoved moved) {
    int shard = moved.shard();
    long before = positions[shard];
    lineages[shard] = moved.lineage();
    positions[shard] = moved.position();
    versions[shard] = moved.version();
    forEach(
        connection -> {
          int index = connection.selection().indexOf(shard);
          if (index >= 0) {
            connection.shardMoved(index, before, moved);
          }
        });
  }

  /** Without a copy of all: who ends meanwhile is taken out afterwards. */
  private void forEach(Consumer<Connection> step) {
    iterating = true;
    try {
      connections.values().forEach(step);
    } finally {
      iterating = false;
      endedMeanwhile.forEach(this::remove);
      endedMeanwhile.clear();
    }
  }

  /** The cohort of a selection, made if there is none. */
  Cohort join(Selection selection) {
    return cohorts.join(selection, this);
  }

  /** A cohort without members is forgotten. */
  void forget(Cohort cohort) {
    cohorts.forget(cohort);
  }

  void add(Connection connection) {
    connections.put(connection.id(), connection);
    roll.add(connection);
  }

  void remove(Connection connection) {
    Runnable step = awaited.remove(connection);
    if (step != null) {
      executor.execute(step);
    }
    roll.remove(connection);
    if (iterating) {
      endedMeanwhile.add(connection);
    } else {
      connections.remove(connection.id(), connection);
    }
  }

  /** Runs a step once the connection with an id, if there is one, has gone. */
  void whenGone(String id, Runnable step) {
    Connection connection = connections.get(id);
    if (connection == null) {
      step.run();
    } else {
      awaited.merge(
          connection,
          step,
          (one, other) ->
              () -> {
                one.run();
                other.run();
              });
    }
  }

  @Nullable Connection find(String id) {
    return connections.get(id);
  }

  Watchers watchers() {
    return watchers;
  }

  /** Runs a step on this loop when so many nanoseconds have gone. */
  void later(long nanos, Runnable step) {
    hub.parts().tickLater(Duration.ofNanos(nanos).plusNanos(999_999), executor, step);
  }

  Roll roll() {
    return roll;
  }

  /** Topics after a name in the order of names, with how many connections listen to each. */
  Map<String, Integer> listeners(String after) {
    return cohorts.listeners(after);
  }

  /** The open connections; a copy. */
  List<Connection> connections() {
    return List.copyOf(connections.values());
  }

  /** Heartbeats and timeouts; called about every second. */
  void tick() {
    long now = nanoTime.getAsLong();
    QueueSample sample = new QueueSample();
    forEach(connection -> connection.tick(now, sample));
    hub.metrics().queued(sample.most());
    sampled = sample;
  }

  /** What waits for its connections, as of its last tick; from any thread. */
  QueueSample sampled() {
    return sampled;
  }

  /** Whether every shard of the selection has been attached once. */
  boolean knows(Selection selection) {
    for (int shard : selection.shards()) {
      if (lineages[shard] == null) {
        return false;
      }
    }
    return true;
  }

  /** Whether every shard of the selection is attached now. */
  boolean attached(Selection selection) {
    for (int shard : selection.shards()) {
      if (!attached[shard]) {
        return false;
      }
    }
    return true;
  }

  /** A position in a shard as an id. */
  String idAt(int shard, long sequence) {
    Lineage lineage = lineages[shard];
    return lineage == null ? "" : lineage.at(shard, sequence).toString();
  }

  long position(int shard) {
    return positions[shard];
  }

  int version(int shard) {
    return versions[shard];
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  HubContext hub() {
    return hub;
  }
}
