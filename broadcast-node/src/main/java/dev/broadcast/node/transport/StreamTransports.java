package dev.broadcast.node.transport;

import dev.broadcast.node.transport.StreamTransport.Listener;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a request's response into a stream. On the request's event loop. */
public final class StreamTransports {
  private StreamTransports() {}

  /**
   * Answers 200 with the headers that the response has, with the first bytes that are written or at
   * {@link StreamTransport#flush}, and hands the body over. From here on the request and its
   * response are nobody's: over HTTP/1.1 the connection is taken from the HTTP server (for a
   * close-delimited body, RFC 9112 section 6.3), so a response's {@code headersEndHandler}, {@code
   * bodyEndHandler} and {@code addCookie} do nothing.
   *
   * <p>May be called before or after the end of the request's body; what the client sends from now
   * on is ignored.
   *
   * @param request a request whose response has its headers set and nothing sent
   * @param listener whom to tell; {@link Listener#onClosed} also if the client is already gone
   * @throws IllegalStateException if the response's head has been sent, or on another thread than
   *     the connection's: two would write to it
   */
  public static StreamTransport open(HttpServerRequest request, Listener listener) {
    HttpServerResponse response = request.response();
    if (response.headWritten()) {
      throw new IllegalStateException("the response has been started");
    }
    Channel channel = VertxChannels.of(request);
    if (channel != null && !channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException("a stream opens on the event loop of its connection");
    }
    if (channel != null && request.version() != HttpVersion.HTTP_2) {
      DetachedHttp1Transport detached = new DetachedHttp1Transport(channel, listener);
      if (VertxChannels.handOver(request, detached)) {
        detached.start(head(response));
        return detached;
      }
    }
    if (channel != null && request.version() == HttpVersion.HTTP_2) {
      Http2Transport shared = Http2Transport.of(request, channel, listener);
      if (shared != null) {
        shared.start();
        return shared;
      }
    }
    return ordinary(request, channel, listener);
  }

  /** The way that needs nothing of Vert.x' inside; without a channel it aborts less promptly. */
  static StreamTransport ordinary(
      HttpServerRequest request, @Nullable Channel channel, Listener listener) {
    ResponseTransport transport =
        new ResponseTransport(request, VertxChannels.contextOf(request), channel, listener);
    transport.start();
    return transport;
  }

  private static byte[] head(HttpServerResponse response) {
    StringBuilder head = new StringBuilder(256).append("HTTP/1.1 200 OK\r\n");
    for (Map.Entry<String, String> header : response.headers()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    return head.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
