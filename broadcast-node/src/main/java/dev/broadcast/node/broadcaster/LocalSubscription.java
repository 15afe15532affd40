package dev.broadcast.node.broadcaster;

import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.broadcaster.SubscribeOptions.Start;
import dev.broadcast.api.broadcaster.Subscription;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.node.hub.CloseReason;
import dev.broadcast.node.hub.Format;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.Admission;
import dev.broadcast.node.hub.StreamRequest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscriber within the process: a connection whose socket is a consumer. Any thread. */
final class LocalSubscription implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSubscription.class);
  private static final String CREDENTIAL = "process";

  /** The kind of a subscription that names none. */
  private static final String KIND = "local";

  private final Hub hub;
  private final Executor loop;
  private final Executor worker;
  private final Consumer<StreamEvent> consumer;
  private final CompletableFuture<String> opened = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile @Nullable String cursor;
  private volatile String reason = "gone";
  private volatile boolean closing;
  private Hub.@Nullable Stream stream;

  LocalSubscription(Hub hub, Executor loop, Executor worker, Consumer<StreamEvent> consumer) {
    this.hub = hub;
    this.loop = loop;
    this.worker = worker;
    this.consumer = consumer;
  }

  /** Begins; the subscription is there at once, messages from when its stream is open. */
  LocalSubscription open(SubscribeOptions options) {
    cursor = options.start() instanceof Start.After after ? after.cursor() : null;
    loop.execute(
        () -> {
          var unused = hub.admit(request(options)).whenComplete(this::admitted);
        });
    return this;
  }

  private static StreamRequest request(SubscribeOptions options) {
    String kind = options.kind();
    Duration throttle = options.throttle();
    return new StreamRequest(
        options.topics(),
        new LinkedHashSet<>(options.types()),
        new LinkedHashSet<>(options.targets()),
        kind == null ? KIND : kind,
        options.id(),
        options.metadata(),
        Format.MESSAGE,
        start(options.start()),
        CREDENTIAL,
        "",
        new StreamRequest.Extras(
            new LinkedHashSet<>(options.until()),
            throttle == null ? Duration.ZERO : throttle,
            false,
            false));
  }

  private static StreamRequest.Start start(Start start) {
    if (start instanceof Start.After after) {
      return after.cursor().equals("earliest")
          ? new StreamRequest.Start.Earliest()
          : new StreamRequest.Start.After(after.cursor());
    }
    return start instanceof Start.Last last
        ? new StreamRequest.Start.Last(last.count())
        : new StreamRequest.Start.Now();
  }

  private void admitted(@Nullable Admission admission, @Nullable Throwable failure) {
    if (!(admission instanceof Admission.Granted granted)) {
      String why =
          admission instanceof Admission.NotNow notNow
              ? notNow.reason()
              : admission instanceof Admission.IdInUse
                  ? "id-in-use"
                  : admission instanceof Admission.Ended
                      ? CloseReason.UNTIL.wire()
                      : String.valueOf(failure);
      opened.completeExceptionally(new IllegalStateException("not opened: " + why));
      ended.complete(why);
      return;
    }
    if (closing) {
      hub.forget(granted);
      opened.complete(granted.connectionId());
      ended.complete(CloseReason.CLOSED.wire());
      return;
    }
    stream =
        hub.open(
            granted,
            listener ->
                new LocalTransport(
                    loop, worker, this::take, listener, () -> ended.complete(reason)));
    opened.complete(granted.connectionId());
  }

  /** On the worker. */
  private void take(String blocks) {
    Blocks.read(
        blocks,
        (event, after) -> {
          if (event instanceof StreamEvent.Interrupted end) {
            reason = end.reason();
          }
          if (event != null && !closing) {
            try {
              consumer.accept(event);
            } catch (RuntimeException e) {
              LOG.warn("event=consumer_failed connection={}", opened.getNow("?"), e);
            }
          }
          if (after != null) {
            cursor = after;
          }
        });
  }

  @Override
  public String id() {
    return opened.join();
  }

  @Override
  public String cursor() {
    String last = cursor;
    return last == null ? "" : last;
  }

  @Override
  public CompletableFuture<String> ended() {
    return ended.copy();
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    reason = CloseReason.CLOSED.wire();
    loop.execute(
        () -> {
          Hub.Stream open = stream;
          if (open != null) {
            open.end(CloseReason.CLOSED);
          }
        });
  }
}
