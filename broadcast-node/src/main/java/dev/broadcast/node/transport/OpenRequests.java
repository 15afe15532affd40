package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections on which a node is asked things, streams aside, so that it can stop without
 * leaving anybody without an answer. Vert.x closes what is open when it is closed, in the middle of
 * a body, too. Any thread.
 */
public final class OpenRequests {
  private final Set<IncomingWatch> watches = ConcurrentHashMap.newKeySet();
  private final Set<Http2Goodbye> multiplexed = ConcurrentHashMap.newKeySet();
  private final Set<Channel> listening = ConcurrentHashMap.newKeySet();
  private volatile boolean leaving;
  private volatile long lastRequest = System.nanoTime();

  /** An HTTP/1.x connection is there. */
  void opened(IncomingWatch watch, Channel channel) {
    watches.add(watch);
    accepted(channel.parent());
  }

  void closed(IncomingWatch watch) {
    watches.remove(watch);
  }

  /** An HTTP/2 connection is there. */
  void opened(Http2Goodbye connection) {
    multiplexed.add(connection);
    accepted(connection.listener());
  }

  private void accepted(@Nullable Channel listener) {
    if (listener != null && !listening.contains(listener)) {
      listening.add(listener);
    }
  }

  void closed(Http2Goodbye connection) {
    multiplexed.remove(connection);
  }

  /**
   * From now on every answer is the last one of its connection: the next request goes elsewhere.
   */
  public void leave() {
    lastRequest = System.nanoTime();
    leaving = true;
    multiplexed.forEach(Http2Goodbye::whenIdle);
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

  /** Accepts no more connections. Those that are there stay, and are to ask elsewhere. */
  public void unbind() {
    if (!multiplexed.isEmpty()) {
      multiplexed.forEach(Http2Goodbye::now);
      asked(); // what is on its way when that arrives is to be waited for
    }
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

  /** Ends what is left of HTTP/2: completes when its streams have their answers. */
  public CompletableFuture<Void> shutDownMultiplexed(Duration within) {
    List<CompletableFuture<Void>> each = new ArrayList<>();
    multiplexed.forEach(connection -> each.add(connection.end(within)));
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .handle((done, failure) -> null);
  }
}
