package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.broadcast.node.transport.StreamServer.Opening;
import dev.broadcast.node.transport.StreamServer.Stream;
import dev.broadcast.node.transport.StreamServer.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is taken from Vert.x and Netty; fails when another version is another inside. */
class VertxChannelsTest {
  private StreamServer server;
  private StreamClient.Http1 client;

  @AfterEach
  void close() throws Exception {
    if (client != null) {
      client.close();
    }
    server.close();
  }

  private Stream open(Way way) throws Exception {
    server = new StreamServer(way);
    client = new StreamClient.Http1(server.port(), way == Way.DETACHED_TLS);
    Stream stream = server.accepted();
    client.head();
    return stream;
  }

  private void assertDelivers(Stream stream, String text) throws IOException {
    ByteBuf bytes = Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
    stream.run(() -> stream.transport.write(bytes));
    assertEquals(text, new String(client.read(text.length()), StandardCharsets.UTF_8));
    assertTrue(bytes.release());
  }

  @ParameterizedTest
  @EnumSource(names = {"DETACHED_EPOLL", "DETACHED_NIO", "DETACHED_TLS"})
  void leavesNothingOnTheChannelThatAStreamDoesNotNeed(Way way) throws Exception {
    Stream stream = open(way);
    assertTrue(stream.transport instanceof DetachedHttp1Transport);
    List<String> handlers =
        stream.ask(() -> List.copyOf(stream.channel.pipeline().toMap().keySet()));
    assertEquals(way == Way.DETACHED_TLS ? 2 : 1, handlers.size(), handlers.toString());
    assertEquals(way == Way.DETACHED_TLS, handlers.contains("ssl"));
  }

  @Test
  void writesStraightIntoTheSocketOnEpoll() throws Exception {
    Stream stream = open(Way.DETACHED_EPOLL);
    assertEquals(Epoll.isAvailable(), stream.channel instanceof EpollSocketChannel);
    assertEquals(
        Epoll.isAvailable(), stream.ask(((DetachedHttp1Transport) stream.transport)::isDirect));
    assertFalse(server.vertx.isNativeTransportEnabled() != Epoll.isAvailable());
  }

  @Test
  void writingAllocatesNothingOnEpoll() throws Exception {
    assumeTrue(Epoll.isAvailable());
    Stream stream = open(Way.DETACHED_EPOLL);
    ByteBuf bytes = new UnpooledByteBufAllocator(true, true).directBuffer().writeZero(100);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    for (int round = 0; round < 20 && allocated > 0; round++) { // the first ones load classes
      allocated =
          stream.ask(
              () -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100; i++) {
                  stream.transport.write(bytes);
                }
                return threads.getCurrentThreadAllocatedBytes() - before;
              });
      client.read(100 * 100);
    }
    assertEquals(0, allocated);
    assertTrue(bytes.release());
  }

  @Test
  void sendsAnEarlierResponseOfTheConnectionFirst() throws Exception {
    byte[] earlier = new byte[4 << 20];
    server =
        new StreamServer(
            Way.DETACHED_EPOLL,
            request -> {
              if (request.path().equals("/earlier")) {
                request.response().end(Buffer.buffer(earlier));
                return Opening.NEVER;
              }
              return Opening.NOW;
            });
    client =
        new StreamClient.Http1(server.port(), false, "GET /earlier HTTP/1.1\r\nHost: x\r\n\r\n");
    client.send(StreamClient.Http1.REQUEST);
    Stream stream = server.accepted();
    assertFalse(stream.ask(stream.transport::drained));

    assertTrue(client.head().contains("content-length: " + earlier.length));
    assertArrayEquals(earlier, client.read(earlier.length));
    assertTrue(client.nextHead().contains("text/event-stream"));
    StreamTransportContractTest.eventually(() -> stream.ask(stream.transport::drained));
    assertDelivers(stream, "data: after\n\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"NOW", "LATER"})
  void ignoresWhatComesBehindTheRequest(Opening when) throws Exception {
    StringBuilder leaks = new StringBuilder();
    Handler log = listenForLeaks(leaks);
    server = new StreamServer(Way.DETACHED_EPOLL, request -> when);
    String body = "x".repeat(20_000);
    String post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + body;
    client = new StreamClient.Http1(server.port(), false, post + post + post);
    Stream stream = server.accepted();
    client.head();
    client.send(post);
    StreamTransportContractTest.eventually(() -> stream.ask(stream.transport::drained));
    assertDelivers(stream, "data: undisturbed\n\n");

    provokeLeakReports();
    Logger.getLogger("io.netty.util.ResourceLeakDetector").removeHandler(log);
    assertEquals("", leaks.toString());
  }

  @Test
  void closesAClientThatDoesNotStopTalking() throws Exception {
    Stream stream = open(Way.DETACHED_EPOLL);
    assertThrows(
        IOException.class,
        () -> {
          for (int i = 0; i < 1000; i++) {
            client.send("x".repeat(64 << 10));
          }
        });
    stream.closed.get(5, TimeUnit.SECONDS);
  }

  @Test
  void aClientThatLeftBeforeTheStreamOpenedIsNoticed() throws Exception {
    server = new StreamServer(Way.DETACHED_EPOLL, request -> Opening.LATER);
    client = new StreamClient.Http1(server.port());
    client.close();
    Stream stream = server.accepted();
    stream.closed.get(5, TimeUnit.SECONDS);
    assertEquals(1, stream.closes);
  }

  @Test
  void servesHttp10() throws Exception {
    server = new StreamServer(Way.DETACHED_NIO);
    client = new StreamClient.Http1(server.port(), false, "GET / HTTP/1.0\r\n\r\n");
    Stream stream = server.accepted();
    assertTrue(client.head().endsWith("connection: close\r\n\r\n"), client.head());
    assertDelivers(stream, "data: old\n\n");
    stream.run(stream.transport::end);
    assertEquals(0, client.read(1).length);
  }

  @Test
  void refusesAResponseThatHasBeenStarted() throws Exception {
    Throwable[] thrown = new Throwable[1];
    server =
        new StreamServer(
            Way.DETACHED_NIO,
            request -> {
              request.response().setChunked(true).write("x");
              try {
                StreamTransports.open(request, null);
              } catch (IllegalStateException e) {
                thrown[0] = e;
              }
              request.response().end();
              return Opening.NEVER;
            });
    client = new StreamClient.Http1(server.port());
    assertEquals("x", new String(client.read(2), StandardCharsets.UTF_8));
    assertTrue(thrown[0] instanceof IllegalStateException);
  }

  private static Handler listenForLeaks(StringBuilder leaks) {
    Handler handler =
        new Handler() {
          @Override
          public synchronized void publish(LogRecord log) {
            // Whoever ran before in this JVM may have left a Redis connection to the collector.
            if (!log.getMessage().contains("io.lettuce.")) {
              leaks.append(log.getMessage()).append('\n');
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("io.netty.util.ResourceLeakDetector").addHandler(handler);
    return handler;
  }

  /** Leaks are reported when a buffer is made after the garbage collector found one. */
  private static void provokeLeakReports() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      // Cleared references reach their queue on a thread of the JVM: nothing tells when.
      Thread.sleep(50);
      for (int j = 0; j < 200; j++) {
        io.netty.buffer.ByteBufAllocator.DEFAULT.directBuffer(16).release();
      }
    }
  }
}
