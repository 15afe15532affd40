package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.PublishOutcome.NotStored;
import dev.broadcast.node.backplane.PublishOutcome.Unknown;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes into one shard: one script under way, what comes meanwhile travels together in the
 * next. Only on the hub thread.
 *
 * <p>Whatever Redis itself refused was not stored and is tried again until the deadline. Only where
 * the answer is lost, nobody knows; then only what has an idempotency key is sent again.
 */
final class RedisPublisher {
  private static final int BATCH_BYTES = 1 << 20;

  /** What may wait in memory while Redis is away. */
  private static final long WAITING_BYTES = 64L << 20;

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final RedisScript PUBLISH = RedisScript.load("publish");

  private final PublishScript script;

  /** How long before the deadline a script must begin, so that its answer is there in time. */
  private final long margin;

  private final int waitReplicas;
  private final PublishLine line;
  private final ServerClock clock;
  private final Deque<PublishItem> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private @Nullable List<PublishItem> underWay;
  private boolean pausing;
  private boolean closed;
  private final AtomicLong keysDroppedEarly = new AtomicLong();
  private String reason = "Redis is not connected";

  RedisPublisher(
      int shard, RedisKeys keys, BackplaneSettings settings, int waitReplicas, PublishLine line) {
    this.script = new PublishScript(shard, keys, settings);
    this.waitReplicas = waitReplicas;
    this.margin = settings.publishDeadline().toNanos() / 10;
    this.line = line;
    this.clock = line.clock();
  }

  /** By this node's publishes; from any thread. */
  long keysDroppedEarly() {
    return keysDroppedEarly.get();
  }

  void add(PublishItem item) {
    if (closed) {
      item.answer(new NotStored("the node is closed"));
    } else if (waitingBytes + item.bytes() > WAITING_BYTES) {
      item.answer(new NotStored("too much waits to be published"));
    } else {
      waiting.addLast(item);
      waitingBytes += item.bytes();
    }
  }

  /** Sends what waits, unless something is under way. */
  void pump() {
    ShardState state = line.state();
    if (underWay != null || pausing || state == null || !line.canCommand()) {
      return;
    }
    List<PublishItem> batch = nextBatch(line.nanoTime());
    if (batch.isEmpty()) {
      return;
    }
    underWay = batch;
    long earliest = batch.get(0).deadline();
    for (PublishItem item : batch) {
      earliest = Math.min(earliest, item.deadline());
    }
    long deadline = clock.millisAt(earliest - margin);
    PublishScript.Call call = script.call(state, deadline, batch);
    line.command(
        PUBLISH,
        call.keys(),
        call.arguments(),
        (reply, failure) -> answered(batch, state, reply, failure));
  }

  /** The connection is gone and with it the answer. */
  void commandsDown(String why) {
    reason = "Redis is not connected: " + why;
    List<PublishItem> batch = underWay;
    if (batch != null) {
      lost(batch, why);
    }
  }

  void failed(String why) {
    reason = "Redis is not connected: " + why;
  }

  /** Answers whatever is past its deadline. */
  void tick(long now) {
    // What is tried again stands in front, so the first is always the one that ends first.
    for (PublishItem first; (first = waiting.peekFirst()) != null; ) {
      if (now - first.deadline() < 0) {
        break;
      }
      waiting.removeFirst();
      waitingBytes -= first.bytes();
      first.answer(first.mayBeStored() ? new Unknown(reason) : new NotStored(reason));
    }
    List<PublishItem> batch = underWay;
    if (batch != null) {
      for (PublishItem item : batch) {
        if (now - item.deadline() >= 0) {
          item.answer(new Unknown("Redis did not answer in time"));
        }
      }
    }
    pump();
  }

  void close() {
    closed = true;
    for (PublishItem item : waiting) {
      item.answer(
          item.mayBeStored()
              ? new Unknown("the node is closed")
              : new NotStored("the node is closed"));
    }
    waiting.clear();
    List<PublishItem> batch = underWay;
    if (batch != null) {
      batch.forEach(item -> item.answer(new Unknown("the node is closed")));
    }
  }

  private List<PublishItem> nextBatch(long now) {
    List<PublishItem> batch = new ArrayList<>();
    long bytes = 0;
    while (!waiting.isEmpty() && batch.size() < PublishScript.MAX_ITEMS) {
      PublishItem next = waiting.getFirst();
      if (!batch.isEmpty() && bytes + next.bytes() > BATCH_BYTES) {
        break;
      }
      if (now - (next.deadline() - margin) >= 0) {
        break; // Its answer could not be there in time.
      }
      waiting.removeFirst();
      waitingBytes -= next.bytes();
      bytes += next.bytes();
      batch.add(next);
    }
    return batch;
  }

  private void answered(
      List<PublishItem> batch,
      ShardState state,
      @Nullable List<Object> reply,
      @Nullable Throwable failure) {
    if (underWay != batch) {
      return; // Given up when the connection went.
    }
    if (reply != null && waitReplicas > 0 && RedisReply.text(reply.get(0)).equals("OK")) {
      awaitReplicas(batch, state, reply);
      return;
    }
    if (reply != null) {
      underWay = null;
      take(batch, state, reply);
    } else if (failure instanceof RedisCommandExecutionException refused) {
      underWay = null;
      refused(batch, String.valueOf(refused.getMessage()));
    } else {
      lost(batch, failure == null ? "no answer" : String.valueOf(failure.getMessage()));
    }
    pump();
  }

  /** What was stored is acknowledged once replicas have it. */
  private void awaitReplicas(List<PublishItem> batch, ShardState state, List<Object> reply) {
    long end = Long.MAX_VALUE;
    long now = line.nanoTime();
    for (PublishItem item : batch) {
      end = Math.min(end, item.deadline() - now);
    }
    line.awaitReplicas(
        waitReplicas,
        Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - margin / 2)),
        count -> {
          if (underWay != batch) {
            return;
          }
          underWay = null;
          if (count == null || count < waitReplicas) {
            clock.heard(RedisReply.number(reply.get(1)));
            List<PublishOutcome> outcomes = script.outcomes(state, batch.size(), reply);
            var why = new Unknown(shortfall(count));
            for (int i = 0; i < batch.size(); i++) {
              PublishOutcome outcome = outcomes.get(i);
              batch.get(i).answer(outcome instanceof PublishOutcome.Stored ? why : outcome);
            }
          } else {
            take(batch, state, reply);
          }
          pump();
        });
  }

  private String shortfall(@Nullable Long count) {
    return "stored on the master, but only %s of %d replicas are known to have it"
        .formatted(count == null ? "0" : count, waitReplicas);
  }

  private void take(List<PublishItem> batch, ShardState state, List<Object> reply) {
    switch (RedisReply.text(reply.get(0))) {
      case "OK" -> {
        clock.heard(RedisReply.number(reply.get(1)));
        keysDroppedEarly.addAndGet(RedisReply.number(reply.get(2)));
        reason = "Redis did not answer in time";
        List<PublishOutcome> outcomes = script.outcomes(state, batch.size(), reply);
        for (int i = 0; i < batch.size(); i++) {
          batch.get(i).answer(outcomes.get(i));
        }
      }
      case "LATE" -> {
        reason = "Redis is too slow";
        clock.heard(RedisReply.number(reply.get(1)));
        tryAgain(batch);
        pause();
      }
      default -> {
        reason = "Redis changed and was not yet attached to again";
        tryAgain(batch);
        line.attach();
      }
    }
  }

  private void refused(List<PublishItem> batch, String error) {
    reason = "Redis refused: " + error;
    tryAgain(batch);
    pause();
    if (error.contains("READONLY")) {
      line.cut("this Redis is a replica");
    }
  }

  private void lost(List<PublishItem> batch, String why) {
    underWay = null;
    List<PublishItem> again = new ArrayList<>();
    for (PublishItem item : batch) {
      if (item.repeatable()) {
        item.lost();
        again.add(item);
      } else {
        item.answer(new Unknown("the answer of Redis was lost: " + why));
      }
    }
    tryAgain(again);
  }

  private void tryAgain(List<PublishItem> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      PublishItem item = batch.get(i);
      if (!item.isAnswered()) {
        waiting.addFirst(item);
        waitingBytes += item.bytes();
      }
    }
  }

  private void pause() {
    pausing = true;
    line.later(
        PAUSE,
        () -> {
          pausing = false;
          pump();
        });
  }
}
