package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.node.backplane.Publication.Idempotency;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backplane with its hub thread and a feed that writes down, and short words for what tests do.
 */
final class TestNode implements AutoCloseable {
  final RecordingFeed feed = new RecordingFeed();
  final ExecutorService hubThread = Executors.newSingleThreadExecutor();
  final Backplane backplane;

  TestNode(Function<Executor, Backplane> factory) {
    backplane = factory.apply(hubThread);
  }

  boolean start() {
    return get(backplane.start(feed));
  }

  Stored publish(String topic, String payload) {
    return (Stored) outcome(topic, payload, null, null);
  }

  PublishOutcome publish(String topic, String payload, String key, String content) {
    return outcome(topic, payload, new Idempotency(key, content), null);
  }

  PublishOutcome outcome(
      String topic, String payload, @Nullable Idempotency idempotency, @Nullable String receipt) {
    return get(publishing(topic, payload, idempotency, receipt));
  }

  CompletableFuture<PublishOutcome> publishing(
      String topic, String payload, @Nullable Idempotency idempotency, @Nullable String receipt) {
    return backplane.publish(new Publication(topic, payload.getBytes(UTF_8), idempotency, receipt));
  }

  Stored clear(String topic) {
    return (Stored) get(backplane.clear(topic));
  }

  TopicPage read(String topic, long after, int limit) {
    int shard = backplane.shardOf(topic);
    return get(backplane.read(shard, epoch(shard), List.of(topic), after, limit)).pages().get(0);
  }

  TopicPage readLast(String topic, int limit) {
    return get(backplane.readLast(topic, limit)).pages().get(0);
  }

  Missed missed(int shard, long after, int limit) {
    return get(backplane.readMissed(shard, epoch(shard), after, limit));
  }

  String epoch(int shard) {
    return state(shard).epoch();
  }

  ShardState state(int shard) {
    return get(backplane.state(shard));
  }

  static List<String> payloads(List<Entry> entries) {
    return entries.stream().map(entry -> new String(entry.payload(), UTF_8)).toList();
  }

  static List<Long> sequences(List<Entry> entries) {
    return entries.stream().map(Entry::sequence).toList();
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  @Override
  public void close() {
    get(backplane.close());
    hubThread.shutdownNow();
  }
}
