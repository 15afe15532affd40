package dev.broadcast.api.client;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.BroadcastResult.Published;
import dev.broadcast.api.broadcaster.PublishOptions;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.stream.StreamEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Publishes and listens over HTTP. Any thread may call; futures and subscribers are called on the
 * client's own threads. Closing it ends its subscriptions.
 *
 * <pre>{@code
 * try (BroadcastClient client = BroadcastClient.of(URI.create("http://127.0.0.1:8080"))) {
 *   client.publish(Message.builder("update", Map.of("order", 7)).topic("orders").build()).join();
 * }
 * }</pre>
 */
public final class BroadcastClient implements AutoCloseable {
  private final ClientSettings settings;
  private final HttpClient http;
  private final Requests requests;
  private final ScheduledExecutorService timer;
  private final Set<StreamRun> runs = ConcurrentHashMap.newKeySet();

  /** A client with these settings. */
  public BroadcastClient(ClientSettings settings) {
    this.settings = settings;
    this.requests = new Requests(settings);
    // Over HTTP/2 a stream that is not read would hold up the others of its connection.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .build();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "broadcast-client");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A client without a key, see {@link ClientSettings#of}. */
  public static BroadcastClient of(URI... nodes) {
    return new BroadcastClient(ClientSettings.of(nodes));
  }

  /** Publishes a message under a made idempotency key. */
  public CompletableFuture<Published> publish(Message message) {
    return publish(message, PublishOptions.NONE);
  }

  /**
   * Publishes a message: stored once, however often its answer gets lost on the way.
   *
   * @return fails with {@link RefusedException} if the node will not have it, with {@link
   *     dev.broadcast.api.broadcaster.NotPublishedException} if it was not taken in time
   */
  public CompletableFuture<Published> publish(Message message, PublishOptions options) {
    return new Publishing<>(
            http,
            requests,
            settings,
            timer,
            Publishing::one,
            message.toJson(),
            key(options),
            options.receipt())
        .begin();
  }

  /** Publishes messages in one request under a made idempotency key. */
  public CompletableFuture<List<BatchResult>> publishAll(List<Message> messages) {
    return publishAll(messages, PublishOptions.NONE);
  }

  /**
   * Publishes messages in one request, with a result for each, in their order. What is missing for
   * a passing reason is sent again; what was stored is not stored twice.
   *
   * @param messages at least one, and no more than the node's {@code --max-batch}
   */
  public CompletableFuture<List<BatchResult>> publishAll(
      List<Message> messages, PublishOptions options) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("messages: at least one expected");
    }
    String json = messages.stream().map(Message::toJson).collect(Collectors.joining(",", "[", "]"));
    return new Publishing<List<BatchResult>>(
            http,
            requests,
            settings,
            timer,
            Publishing::batch,
            json,
            key(options),
            options.receipt())
        .begin();
  }

  /**
   * Listens. Each subscriber has a stream of its own, which goes on after its last event whenever
   * it breaks, on whichever node. {@code request(n)} controls reading: a subscriber that asks for
   * nothing lets its events wait on the node, up to what history keeps; more than that is told as
   * {@link StreamEvent.Reset}.
   *
   * <p>It completes after an {@code until} event; it fails with {@link RefusedException} if the
   * node will not have it, or gave its connection id to somebody else.
   */
  public Flow.Publisher<StreamEvent> subscribe(SubscribeOptions options) {
    return subscriber -> {
      StreamRun run =
          new StreamRun(http, requests, settings, timer, options, subscriber, runs::remove);
      runs.add(run);
      run.begin();
    };
  }

  /**
   * Listens with a function, called for one event after another.
   *
   * @param consumer may block, which slows the stream down; if it throws, the stream ends
   * @return ends the stream when it is closed
   */
  public Listening listen(SubscribeOptions options, Consumer<StreamEvent> consumer) {
    Listening listening = new Listening(consumer);
    subscribe(options).subscribe(listening);
    return listening;
  }

  @Override
  public void close() {
    runs.forEach(StreamRun::close);
    timer.shutdownNow();
  }

  private static String key(PublishOptions options) {
    @Nullable String given = options.idempotencyKey();
    return given == null ? UUID.randomUUID().toString() : given;
  }
}
