package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.transport.StreamServer.Stream;
import dev.broadcast.node.transport.StreamServer.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams that share a connection. */
class Http2StreamsTest {
  private static void fill(Stream stream, ByteBuf bytes) {
    stream.run(
        () -> {
          for (int i = 0; i < 1000 && stream.transport.drained(); i++) {
            stream.transport.write(bytes);
          }
        });
  }

  @Test
  void abortingAStalledStreamLeavesTheOthersOfItsConnectionAlone() throws Exception {
    try (StreamServer server = new StreamServer(Way.HTTP2);
        StreamClient.Http2 client = new StreamClient.Http2(server.port())) {
      Stream reading = server.accepted();
      var other = client.request("/stalled");
      Stream stalled = server.accepted();
      assertEquals(reading.channel, stalled.channel);
      ByteBuf large = Unpooled.directBuffer().writeZero(1 << 20);
      fill(stalled, large);
      assertTrue(stalled.ask(stalled.transport::pending) > 0);

      stalled.run(stalled.transport::abort);
      stalled.closed.get(1, TimeUnit.SECONDS);
      assertThrows(
          Exception.class, () -> StreamServer.await(other.body().onSuccess(body -> {}))); // reset

      ByteBuf small =
          Unpooled.directBuffer().writeBytes("data: on\n\n".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 100; i++) {
        StreamTransportContractTest.eventually(() -> reading.ask(reading.transport::drained));
        reading.run(() -> reading.transport.write(small));
        assertEquals("data: on\n\n", new String(client.read(10), StandardCharsets.UTF_8));
      }
      assertEquals(0, reading.closes);
      StreamTransportContractTest.eventually(() -> large.refCnt() == 1);
      assertTrue(large.release() && small.release());
    }
  }

  /** Windows are wide open, but nothing reads the socket: the reset cannot leave either. */
  @Test
  void abortingAStreamOfADeadConnectionEndsTheConnection() throws Exception {
    try (StreamServer server = new StreamServer(Way.HTTP2);
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(32 << 10);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      frame(out, 4, 0, 0, new byte[] {0, 4, 0x7f, -1, -1, -1}); // SETTINGS: initial window 2^31-1
      frame(out, 8, 0, 0, new byte[] {0x7f, -1, 0, 0}); // WINDOW_UPDATE of the connection
      byte[] get = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'x'}; // GET http / x (HPACK)
      frame(out, 1, 5, 1, get); // HEADERS, END_STREAM | END_HEADERS
      out.flush();
      Stream stream = server.accepted();
      ByteBuf large = Unpooled.directBuffer().writeZero(1 << 20);
      fill(stream, large);
      assertTrue(stream.ask(stream.transport::pending) > 0);

      stream.run(stream.transport::abort);
      stream.closed.get(1, TimeUnit.SECONDS);
      assertTrue(stream.channel.closeFuture().await(10, TimeUnit.SECONDS), "still open");
      StreamTransportContractTest.eventually(() -> large.refCnt() == 1);
      large.release();
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(0);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }
}
