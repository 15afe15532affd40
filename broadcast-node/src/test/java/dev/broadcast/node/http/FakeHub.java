package dev.broadcast.node.http;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.api.Message;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster.Receipt;
import dev.broadcast.node.hub.ClusterConnections;
import dev.broadcast.node.hub.ClusterFigures;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.KnownTypes;
import dev.broadcast.node.hub.StreamRequest;
import dev.broadcast.node.hub.TopicFigure;
import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A hub that remembers what it was asked and answers what a test sets. */
class FakeHub implements Hub {
  final List<Message> published = new CopyOnWriteArrayList<>();
  final List<IdempotencyKey> keys = new CopyOnWriteArrayList<>();
  final List<StreamRequest> admitted = new CopyOnWriteArrayList<>();
  final AtomicInteger forgotten = new AtomicInteger();
  volatile Function<StreamRequest, Admission> admission =
      request -> new Admission.Granted(request, "global_1", null);
  volatile @Nullable CompletableFuture<Admission> pending;
  volatile Function<Message, PublishOutcome> outcome =
      message ->
          new PublishOutcome.Stored(new MessageId("e", "g", 0, 7), 1_700_000_000_000L, false);
  volatile CompletableFuture<@Nullable Void> pendingPublish =
      CompletableFuture.completedFuture(null);
  volatile boolean draining;
  volatile boolean ready = true;

  @Override
  public CompletableFuture<Admission> admit(StreamRequest request) {
    admitted.add(request);
    var waiting = pending;
    return waiting != null ? waiting : CompletableFuture.completedFuture(admission.apply(request));
  }

  @Override
  public Stream open(
      Admission.Granted granted, Function<StreamTransport.Listener, StreamTransport> opening) {
    StreamTransport transport =
        opening.apply(
            new StreamTransport.Listener() {
              @Override
              public void onDrained() {}

              @Override
              public void onClosed() {}
            });
    transport.begin(Unpooled.wrappedBuffer(EventEncoder.event("c1", "connected", "{}")));
    return reason -> {};
  }

  @Override
  public void forget(Admission.Granted granted) {
    forgotten.incrementAndGet();
  }

  @Override
  public CompletableFuture<Published> publish(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt) {
    published.add(message);
    if (key != null) {
      keys.add(key);
    }
    Published result =
        new Published(outcome.apply(message), receipt == null ? null : new Receipt(3, 2, true));
    return pendingPublish.thenApply(now -> result);
  }

  @Override
  public CompletableFuture<List<StoredMessage>> history(
      String topic, int limit, @Nullable String after, boolean addressed) {
    if (after != null && MessageId.parse(after).isEmpty()) {
      return CompletableFuture.failedFuture(new IllegalArgumentException("no cursor"));
    }
    return CompletableFuture.completedFuture(
        List.of(new StoredMessage("e.g.0.1", "{\"id\":\"e.g.0.1\",\"data\":1}")));
  }

  @Override
  public CompletableFuture<PublishOutcome> clearHistory(String topic) {
    return CompletableFuture.completedFuture(
        new PublishOutcome.Stored(new MessageId("e", "g", 0, 8), 1L, false));
  }

  @Override
  public int connections() {
    return 2;
  }

  @Override
  public CompletableFuture<ClusterCount> clusterConnections() {
    return CompletableFuture.completedFuture(new ClusterCount(5, 2, List.of()));
  }

  @Override
  public ClusterConnections registry() {
    throw new UnsupportedOperationException("this test asks for no connections");
  }

  @Override
  public CompletableFuture<ClusterFigures.All> figures() {
    return CompletableFuture.completedFuture(
        new ClusterFigures.All("n1", Map.of("n1", "{\"id\":\"n1\"}"), List.of("n2"), false));
  }

  @Override
  public CompletableFuture<Map<String, TopicFigure>> topicFigures(List<String> topics) {
    throw new UnsupportedOperationException("this test asks for no topics");
  }

  @Override
  public CompletableFuture<ClusterConnections.One> sendAlone(String id, Message message) {
    throw new UnsupportedOperationException("this test asks for no connections");
  }

  @Override
  public KnownTypes types() {
    throw new UnsupportedOperationException("this test asks for no types");
  }

  @Override
  public Map<String, Object> nodeStatus() {
    return Map.of("id", "n1");
  }

  @Override
  public Backplane.Health health() {
    return new Backplane.Health(ready, ready ? "in-process" : "gone");
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public CompletableFuture<Void> drain(Duration within) {
    return CompletableFuture.completedFuture(null);
  }
}
