package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends an HTTP/2 connection on which nothing is asked: not even a first request in the time that a
 * head may take, or none for long after an answer. Vert.x' idle timeout would be kept away by pings
 * and would cut quiet streams. Only on the connection's event loop.
 */
final class Http2Idle extends Http2ConnectionAdapter {
  private static final AttributeKey<Http2Idle> INSTALLED =
      AttributeKey.valueOf(Http2Idle.class, "installed");

  private final Channel channel;
  private final Http2Connection streams;
  private final IncomingLimits limits;
  private long idleSince = System.nanoTime();
  private boolean checking;

  private Http2Idle(Channel channel, Http2Connection streams, IncomingLimits limits) {
    this.channel = channel;
    this.streams = streams;
    this.limits = limits;
  }

  /** Puts it to work, once, if the connection is HTTP/2. */
  static void install(Channel channel, IncomingLimits limits) {
    Http2ConnectionHandler handler = channel.pipeline().get(Http2ConnectionHandler.class);
    if (handler != null && !channel.hasAttr(INSTALLED)) {
      Http2Idle idle = new Http2Idle(channel, handler.connection(), limits);
      channel.attr(INSTALLED).set(idle);
      handler.connection().addListener(idle);
      idle.checkIn(limits.head().toNanos());
    }
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    idleSince = System.nanoTime();
    if (!limits.idle().isZero()) {
      checkIn(limits.idle().toNanos());
    }
  }

  /** One timer a connection, not one a request: see {@link IncomingWatch}. */
  private void checkIn(long nanos) {
    if (!checking) {
      checking = true;
      // Idle times shorter than a head's are for tests, and must not wait for the first check.
      long soon = limits.idle().isZero() ? nanos : Math.min(nanos, limits.idle().toNanos());
      var unused = channel.eventLoop().schedule(this::check, soon, TimeUnit.NANOSECONDS);
    }
  }

  private void check() {
    checking = false;
    if (!channel.isOpen() || streams.numActiveStreams() > 0) {
      return;
    }
    boolean first = streams.remote().lastStreamCreated() == 0;
    Duration limit = first ? limits.head() : limits.idle();
    long left = idleSince + limit.toNanos() - System.nanoTime();
    if (left > 0) {
      checkIn(left);
    } else if (!limit.isZero()) {
      // With nothing under way this says GOAWAY and ends.
      var unused = channel.close();
    }
  }
}
