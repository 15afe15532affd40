package dev.broadcast.node.http;

import dev.broadcast.node.transport.StreamTransport;
import io.vertx.core.http.HttpServerRequest;

/**
 * Turns a request whose response has its headers set into a stream; on the request's event loop.
 */
public interface StreamOpening {
  /**
   * Answers 200 with the response's headers, at the latest when the transport is flushed.
   *
   * @param listener whom the transport tells
   */
  StreamTransport open(HttpServerRequest request, StreamTransport.Listener listener);
}
