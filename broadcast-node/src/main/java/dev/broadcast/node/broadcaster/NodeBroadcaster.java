package dev.broadcast.node.broadcaster;

import dev.broadcast.api.Message;
import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.broadcaster.BroadcastResult;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.broadcaster.BroadcasterSettings;
import dev.broadcast.api.broadcaster.EventTypes;
import dev.broadcast.api.broadcaster.HandlerChain.Registration;
import dev.broadcast.api.broadcaster.MessageHandler;
import dev.broadcast.api.broadcaster.NotPublishedException;
import dev.broadcast.api.broadcaster.PublishOptions;
import dev.broadcast.api.broadcaster.Receipt;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.broadcaster.Subscription;
import dev.broadcast.api.connection.ConnectionListener;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.stream.JobProgress;
import dev.broadcast.api.stream.Progress;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.node.backplane.BackplaneException;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.hub.ConnectionHooks;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.IdempotencyKey;
import dev.broadcast.node.hub.Hub.Published;
import dev.broadcast.node.hub.Intake;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node's broadcaster: what HTTP does, for the program that the node is part of. Any thread. */
public final class NodeBroadcaster implements Broadcaster, AutoCloseable {
  private static final String CREDENTIAL = "process";

  private final Hub hub;
  private final Intake intake;
  private final ConnectionHooks hooks;
  private final List<Executor> loops;
  private final BroadcasterSettings settings;
  private final Jobs jobs;
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "broadcast-subscriber");
            thread.setDaemon(true);
            return thread;
          });
  private final AtomicInteger nextLoop = new AtomicInteger();

  /**
   * @param loops the event loops that may own connections
   * @param jobs what is known of running jobs
   */
  public NodeBroadcaster(
      Hub hub,
      Intake intake,
      ConnectionHooks hooks,
      List<Executor> loops,
      Jobs jobs,
      BroadcasterSettings settings) {
    this.hub = hub;
    this.intake = intake;
    this.hooks = hooks;
    this.loops = List.copyOf(loops);
    this.jobs = jobs;
    this.settings = settings;
  }

  @Override
  public CompletableFuture<BroadcastResult> broadcast(Message message, PublishOptions options) {
    String key = options.idempotencyKey();
    CompletableFuture<BroadcastResult> result = new CompletableFuture<>();
    var unused =
        hub.publish(
                message,
                key == null ? null : new IdempotencyKey(CREDENTIAL, key, 0),
                options.receipt())
            .whenComplete((published, failure) -> told(message, published, failure, result));
    return result;
  }

  private static void told(
      Message message,
      @Nullable Published published,
      @Nullable Throwable failure,
      CompletableFuture<BroadcastResult> result) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof Intake.DroppedException dropped) {
      result.complete(new BroadcastResult.Dropped(String.valueOf(dropped.getMessage())));
    } else if (cause instanceof BackplaneException) {
      result.completeExceptionally(
          new NotPublishedException(
              NotPublishedException.Stored.NO, String.valueOf(cause.getMessage())));
    } else if (published == null) {
      result.completeExceptionally(cause == null ? new IllegalStateException("no outcome") : cause);
    } else {
      outcome(message, published, result);
    }
  }

  private static void outcome(
      Message message, Published published, CompletableFuture<BroadcastResult> result) {
    PublishOutcome outcome = published.outcome();
    if (outcome instanceof PublishOutcome.Stored stored) {
      var receipt = published.receipt();
      Message changed = published.changed();
      result.complete(
          new BroadcastResult.Published(
              stored.id().toString(),
              (changed == null ? message : changed).topic(),
              Instant.ofEpochMilli(stored.timestamp()),
              stored.repeated(),
              receipt == null
                  ? null
                  : new Receipt(receipt.clients(), receipt.nodes(), receipt.complete())));
    } else if (outcome instanceof PublishOutcome.NotStored not) {
      result.completeExceptionally(
          new NotPublishedException(NotPublishedException.Stored.NO, not.detail()));
    } else if (outcome instanceof PublishOutcome.Unknown unknown) {
      result.completeExceptionally(
          new NotPublishedException(NotPublishedException.Stored.UNKNOWN, unknown.detail()));
    } else {
      result.completeExceptionally(
          new IllegalArgumentException("idempotencyKey: it was used with other content"));
    }
  }

  @Override
  public Registration addMessageHandler(MessageHandler handler) {
    return intake.handlers().add(handler);
  }

  @Override
  public Registration addConnectionListener(ConnectionListener listener) {
    return hooks.add(listener);
  }

  @Override
  public CompletableFuture<List<PublishedMessage>> history(String topic, int limit) {
    return hub.history(topic, limit, null, false)
        .thenApply(
            messages -> messages.stream().map(m -> PublishedMessage.parse(m.json())).toList());
  }

  @Override
  public CompletableFuture<Void> clearHistory(String topic) {
    return hub.clearHistory(topic)
        .thenAccept(
            outcome -> {
              if (outcome instanceof PublishOutcome.NotStored not) {
                throw new NotPublishedException(NotPublishedException.Stored.NO, not.detail());
              } else if (outcome instanceof PublishOutcome.Unknown unknown) {
                throw new NotPublishedException(
                    NotPublishedException.Stored.UNKNOWN, unknown.detail());
              }
            });
  }

  @Override
  public CompletableFuture<Integer> connectionCount() {
    return hub.clusterConnections().thenApply(Hub.ClusterCount::connected);
  }

  @Override
  public int localConnectionCount() {
    return hub.connections();
  }

  @Override
  public CompletableFuture<Integer> closeAll() {
    return hub.registry().closeAll(ConnectionQuery.all());
  }

  @Override
  public Connections connections() {
    return hub.registry();
  }

  @Override
  public Subscription subscribe(SubscribeOptions options, Consumer<StreamEvent> consumer) {
    Executor loop = loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    return new LocalSubscription(hub, loop, workers, consumer).open(options);
  }

  @Override
  public CompletableFuture<Void> registerEvent(String type) {
    return hub.types().register(type).thenApply(types -> null);
  }

  @Override
  public EventTypes eventTypes() {
    return hub.types().now();
  }

  @Override
  public JobProgress progress(String jobId, Flow.Publisher<Progress> source) {
    RunningJob job = new RunningJob(jobId, this, jobs);
    source.subscribe(job);
    return job;
  }

  @Override
  public BroadcasterSettings settings() {
    return settings;
  }

  /** Ends the threads of its subscribers; the node ends their streams. */
  @Override
  public void close() {
    workers.shutdown();
  }
}
