package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The connections on which a node is asked things, streams aside, so that it can stop without
 * leaving anybody without an answer. Vert.x closes what is open when it is closed, in the middle of
 * a body, too. Any thread.
 */
public final class OpenRequests {
  private final Set<IncomingWatch> watches = ConcurrentHashMap.newKeySet();
  private final Set<HttpConnection> multiplexed = ConcurrentHashMap.newKeySet();
  private final Set<Channel> listening = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;
  private volatile long lastRequest = System.nanoTime();

  /** An HTTP/1.x connection is there. */
  void opened(IncomingWatch watch, Channel channel) {
    watches.add(watch);
    Channel parent = channel.parent();
    if (parent != null && !listening.contains(parent)) {
      listening.add(parent);
    }
  }

  void closed(IncomingWatch watch) {
    watches.remove(watch);
  }

  /** An HTTP/2 connection is there. */
  void opened(HttpConnection connection) {
    multiplexed.add(connection);
    try {
      if (connection instanceof ConnectionBase base && base.channel().parent() != null) {
        listening.add(base.channel().parent());
      }
    } catch (LinkageError otherVertx) {
      // Then it listens until Vert.x is closed.
    }
  }

  void closed(HttpConnection connection) {
    multiplexed.remove(connection);
  }

  /**
   * From now on every answer is the last one of its connection: the next request goes elsewhere.
   */
  public void leave() {
    lastRequest = System.nanoTime();
    leaving = true;
  }

  boolean leaving() {
    return leaving;
  }

  /** A request has begun while the node is leaving. */
  void asked() {
    lastRequest = System.nanoTime();
  }

  /** Whether nothing was asked for so long since it began to leave. */
  public boolean quietFor(Duration silence) {
    return System.nanoTime() - lastRequest > silence.toNanos();
  }

  /** Accepts no more connections. Those that are there stay. */
  public void unbind() {
    for (Channel server : listening) {
      var unused = server.close();
    }
  }

  /** Whether anything is asked, or being asked, that has no answer yet; over HTTP/1.x. */
  public CompletableFuture<Boolean> busy() {
    List<CompletableFuture<Boolean>> each = new ArrayList<>();
    watches.forEach(watch -> each.add(watch.busy()));
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .thenApply(done -> each.stream().anyMatch(CompletableFuture::join));
  }

  /** HTTP/2 has a goodbye of its own (GOAWAY): completes when its streams have their answers. */
  public CompletableFuture<Void> shutDownMultiplexed(Duration within) {
    List<CompletableFuture<Void>> each = new ArrayList<>();
    for (HttpConnection connection : multiplexed) {
      each.add(
          connection
              .shutdown(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS)
              .toCompletionStage()
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .handle((done, failure) -> null);
  }
}
