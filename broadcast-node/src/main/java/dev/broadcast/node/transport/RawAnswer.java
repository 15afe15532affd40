package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

/** Answers where Vert.x knows of no request, and ends the connection. */
final class RawAnswer {
  private RawAnswer() {}

  /**
   * Sends a problem document.
   *
   * @param before the codec, so that the encoder is not in the way, but TLS is
   */
  static void send(
      ChannelHandlerContext before, int status, String title, String field, String detail) {
    String body =
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"field\":\"%s\"}"
            .formatted(title, status, detail, field);
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 " + status + " " + title,
            "Content-Type: application/problem+json",
            "Cache-Control: no-store",
            "Connection: close",
            "Content-Length: " + body.length(),
            "",
            "");
    ByteBuf bytes = ByteBufUtil.writeAscii(before.alloc(), head + body);
    var unused = before.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
  }

  /** What a head that takes too long is told. */
  static void headTooSlow(ChannelHandlerContext before) {
    send(before, 408, "Request Timeout", "headers", "the request head did not arrive in time");
  }
}
