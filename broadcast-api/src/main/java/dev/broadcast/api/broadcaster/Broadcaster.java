package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.broadcaster.HandlerChain.Registration;
import dev.broadcast.api.connection.ConnectionListener;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.stream.JobProgress;
import dev.broadcast.api.stream.Progress;
import dev.broadcast.api.stream.StreamEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to all clients of the cluster and looks after them. Any thread may call anything; the
 * futures complete on the node's threads, which must not be blocked: hop to your own with {@code
 * thenAcceptAsync}.
 *
 * <p>A publish completes when the message is stored and on its way. It fails with {@link
 * UnknownTypeException} (strict, type not registered), {@link
 * dev.broadcast.api.InvalidMessageException} (a field breaks its rule, data or metadata is no JSON)
 * or {@link NotPublishedException} (the backplane is away; says whether the message was stored).
 */
public interface Broadcaster {
  /**
   * Publishes a message.
   *
   * @param options idempotency key and receipt
   */
  CompletableFuture<BroadcastResult> broadcast(Message message, PublishOptions options);

  /** Publishes a message. */
  default CompletableFuture<BroadcastResult> broadcast(Message message) {
    return broadcast(message, PublishOptions.NONE);
  }

  /**
   * Publishes to everybody on {@value Names#DEFAULT_TOPIC}.
   *
   * @param type null for an unnamed event
   * @param data see {@link Data#of}
   */
  default CompletableFuture<BroadcastResult> broadcast(
      @Nullable String type, @Nullable Object data) {
    return broadcast(Message.builder(type, data).build());
  }

  /**
   * Publishes to everybody on {@value Names#DEFAULT_TOPIC}.
   *
   * @param type null for an unnamed event
   * @param data see {@link Data#of}
   * @param targetIds what it is about, may be empty
   * @param metadata further facts, may be empty
   */
  default CompletableFuture<BroadcastResult> broadcast(
      @Nullable String type,
      @Nullable Object data,
      Collection<String> targetIds,
      Map<String, ?> metadata) {
    return broadcast(Message.builder(type, data).targetIds(targetIds).metadata(metadata).build());
  }

  /**
   * Publishes to these connections alone, on whichever nodes they are. Kept in history for them:
   * one that is away gets it when it comes back under its id.
   */
  default CompletableFuture<BroadcastResult> sendTo(
      Collection<String> connectionIds, Message message) {
    if (connectionIds.isEmpty()) {
      throw new IllegalArgumentException("connectionIds: at least one expected");
    }
    return broadcast(message.change().to(connectionIds).build());
  }

  /** Publishes to all but these connections. */
  default CompletableFuture<BroadcastResult> broadcastExcept(
      Collection<String> connectionIds, Message message) {
    return broadcast(message.change().exclude(connectionIds).build());
  }

  /** Adds a handler at the end of the chain; closing the answer takes it out. */
  Registration addMessageHandler(MessageHandler handler);

  /** Adds a listener of this node's connections; closing the answer takes it out. */
  Registration addConnectionListener(ConnectionListener listener);

  /**
   * The last messages of a topic, oldest first, those to single connections left out.
   *
   * @param limit 1 or more
   */
  CompletableFuture<List<PublishedMessage>> history(String topic, int limit);

  /** The last messages of {@value Names#DEFAULT_TOPIC}. */
  default CompletableFuture<List<PublishedMessage>> history(int limit) {
    return history(Names.DEFAULT_TOPIC, limit);
  }

  /** Clears a topic's history on the whole cluster. */
  CompletableFuture<Void> clearHistory(String topic);

  /** Open connections of the cluster. */
  CompletableFuture<Integer> connectionCount();

  /** Open connections of this node. */
  int localConnectionCount();

  /** Ends all streams of the cluster, with {@code closing}; answers how many. */
  CompletableFuture<Integer> closeAll();

  /** All connections of the cluster. */
  Connections connections();

  /**
   * Listens within one's own process. The consumer is called by one thread at a time, never on an
   * event loop, and may block: then it falls behind as a slow client does. What it throws is logged
   * and ends nothing.
   */
  Subscription subscribe(SubscribeOptions options, Consumer<StreamEvent> consumer);

  /** Listens to these topics. */
  default Subscription subscribe(
      Collection<String> topics, Map<String, String> metadata, Consumer<StreamEvent> consumer) {
    return subscribe(
        SubscribeOptions.to(topics.toArray(String[]::new)).metadata(metadata), consumer);
  }

  /**
   * Makes a type known to the whole cluster.
   *
   * @return completes when every node will take it
   */
  CompletableFuture<Void> registerEvent(String type);

  /** The vocabulary as this node knows it. */
  EventTypes eventTypes();

  /** Whether unregistered types are refused. */
  default boolean strict() {
    return eventTypes().strict();
  }

  /**
   * Publishes a job's progress on {@link JobProgress#topic}, from a source of it, until it is
   * complete, has failed, or the source ends. If this node dies, another one ends it with an error.
   */
  JobProgress progress(String jobId, Flow.Publisher<Progress> source);

  /** How it was set up. */
  BroadcasterSettings settings();
}
