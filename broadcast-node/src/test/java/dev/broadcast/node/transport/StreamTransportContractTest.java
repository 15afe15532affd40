package dev.broadcast.node.transport;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.transport.StreamServer.Stream;
import dev.broadcast.node.transport.StreamServer.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every way a stream leaves. */
class StreamTransportContractTest {
  private static final int MIB = 1 << 20;

  private StreamServer server;
  private StreamClient client;
  private Stream stream;

  private void open(Way way) throws Exception {
    server = new StreamServer(way);
    client = StreamClient.connect(server);
    stream = server.accepted();
    client.head();
    eventually(() -> stream.ask(stream.transport::drained));
  }

  @AfterEach
  void close() throws Exception {
    if (client != null) {
      client.close();
    }
    server.close();
    if (stream != null) {
      assertEquals(1, stream.closes, "onClosed");
    }
  }

  /** Bytes that show whether one is missing, doubled or swapped. */
  private static ByteBuf numbered(int bytes) {
    ByteBuffer numbers = ByteBuffer.allocate(8 + bytes);
    for (int at = 8; at < 8 + bytes; at += 4) {
      numbers.putInt(at, at);
    }
    // Indices that are not zero.
    ByteBuf buffer = Unpooled.directBuffer(8 + bytes).writeBytes(numbers).skipBytes(8);
    return buffer;
  }

  private static byte[] bytesOf(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.getBytes(buffer.readerIndex(), bytes);
    return bytes;
  }

  /** Writes a buffer until the client's stall is felt; answers how often. */
  private int fill(ByteBuf bytes) {
    return stream.ask(
        () -> {
          int written = 0;
          while (stream.transport.drained() && written < 1000) {
            stream.transport.write(bytes);
            written++;
          }
          return written;
        });
  }

  static void eventually(Callable<Boolean> holds) {
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(holds);
  }

  private static void assertReleased(ByteBuf shared) {
    eventually(() -> shared.refCnt() == 1);
    shared.release();
  }

  @ParameterizedTest
  @EnumSource
  void sendsTheHeadAtOnceAndNoMoreThanItShould(Way way) throws Exception {
    open(way);
    String head = client.head();
    assertTrue(head.contains("200") && head.contains("content-type: text/event-stream"), head);
    assertFalse(head.contains("keep-alive") || head.contains("content-length"), head);
    assertEquals(way == Way.ORDINARY_HTTP1, head.contains("transfer-encoding"), head);
    stream.run(stream.transport::abort);
    stream.closed.get(1, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void bytesArriveWholeAndInOrder(Way way) throws Exception {
    open(way);
    ByteBuf small = numbered(200);
    ByteBuf large = numbered(8 * MIB);
    int reader = large.readerIndex();
    int writer = large.writerIndex();

    for (int i = 0; i < 100; i++) {
      eventually(() -> stream.ask(stream.transport::drained));
      stream.run(() -> stream.transport.write(small));
    }
    byte[] event = bytesOf(small);
    for (int i = 0; i < 100; i++) {
      assertArrayEquals(event, client.read(event.length));
    }
    eventually(() -> stream.ask(stream.transport::drained));
    int drains = stream.drains;
    stream.run(() -> stream.transport.write(large));
    byte[] expected = bytesOf(large);
    for (int at = 0; at < expected.length; at += 32 << 10) {
      assertArrayEquals(Arrays.copyOfRange(expected, at, at + (32 << 10)), client.read(32 << 10));
    }

    eventually(() -> stream.drains == drains + 1);
    assertEquals(reader, large.readerIndex());
    assertEquals(writer, large.writerIndex());
    assertArrayEquals(expected, bytesOf(large));
    assertReleased(large);
    assertReleased(small);
    stream.run(stream.transport::end);
    assertEquals(0, client.read(1).length);
  }

  @ParameterizedTest
  @EnumSource
  void manyWritesFromOnDrainedStayInOrder(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(MIB);
    int rounds = 20;
    int[] written = {0};
    Runnable more =
        () -> {
          while (stream.transport.drained() && written[0] < rounds) {
            written[0]++;
            stream.transport.write(bytes);
          }
          if (written[0] == rounds && stream.transport.drained()) {
            stream.transport.end();
          }
        };
    stream.onDrained = more;
    stream.run(more);

    byte[] expected = bytesOf(bytes);
    for (int i = 0; i < rounds; i++) {
      assertArrayEquals(expected, client.read(MIB));
    }
    assertEquals(0, client.read(1).length);
    assertReleased(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void saysWhatIsPendingWhileTheClientStallsAndWhenItHasLeft(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(64 << 10);
    AtomicInteger filled = new AtomicInteger();
    await() // The kernel, or the client's window, may have room again at first.
        .during(Duration.ofMillis(200))
        .until(
            () -> {
              int more = fill(bytes);
              filled.addAndGet(more);
              return more == 0;
            });
    int written = filled.get();
    int drains = stream.drains;

    assertTrue(stream.ask(stream.transport::pending) > 0);
    assertTrue(stream.ask(stream.transport::pending) <= 64 << 10);
    long progress = stream.ask(stream.transport::lastProgress);
    await()
        .during(Duration.ofMillis(200))
        .until(() -> stream.ask(stream.transport::lastProgress) == progress);
    assertEquals(drains, stream.drains);

    byte[] expected = bytesOf(bytes);
    for (int i = 0; i < written; i++) {
      assertArrayEquals(expected, client.read(expected.length));
    }
    eventually(() -> stream.drains == drains + 1);
    assertTrue(stream.ask(stream.transport::drained));
    assertEquals(0, stream.ask(stream.transport::pending));
    assertTrue(stream.ask(stream.transport::lastProgress) > progress);
    assertReleased(bytes);
    client.close();
    stream.closed.get(5, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReaderIsSeenToMakeProgress(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(8 * MIB);
    stream.run(() -> stream.transport.write(bytes));
    long progress = stream.ask(stream.transport::lastProgress);
    long pending = stream.ask(stream.transport::pending);

    client.read(2 * MIB);

    eventually(() -> stream.ask(stream.transport::lastProgress) > progress);
    eventually(() -> stream.ask(stream.transport::pending) < pending);
    assertFalse(stream.ask(stream.transport::drained));
    client.close();
    stream.closed.get(5, TimeUnit.SECONDS);
    assertReleased(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void endDeliversWhatIsPendingFirst(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(64 << 10);
    int drains = stream.drains;
    int written = fill(bytes);
    stream.run(stream.transport::end);

    byte[] expected = bytesOf(bytes);
    for (int i = 0; i < written; i++) {
      assertArrayEquals(expected, client.read(expected.length));
    }
    assertEquals(0, client.read(1).length);
    stream.closed.get(5, TimeUnit.SECONDS);
    assertEquals(drains, stream.drains);
    assertReleased(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void abortEndsAStalledStreamWithinASecond(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(MIB);
    fill(bytes);
    stream.run(stream.transport::abort);

    stream.closed.get(1, TimeUnit.SECONDS);
    stream.run(() -> stream.transport.write(bytes)); // does nothing
    assertThrows(IOException.class, () -> client.read(1000 * MIB));
    assertReleased(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void abortWorksAfterEnd(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(MIB);
    fill(bytes);
    stream.run(stream.transport::end);
    stream.run(stream.transport::abort);

    stream.closed.get(1, TimeUnit.SECONDS);
    assertReleased(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesIsNoticed(Way way) throws Exception {
    open(way);
    client.close();
    stream.closed.get(5, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HTTP2")
  void aClientThatAsksForMoreAndLeavesIsNoticed(Way way) throws Exception {
    open(way);
    for (int i = 0; i < 100; i++) {
      ((StreamClient.Http1) client).send(StreamClient.Http1.REQUEST);
    }
    client.close();
    stream.closed.get(5, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource
  void aStalledClientThatLeavesIsNoticed(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(MIB);
    fill(bytes);
    client.close();
    stream.closed.get(5, TimeUnit.SECONDS);
    assertReleased(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void closingTheServerEndsStalledStreams(Way way) throws Exception {
    open(way);
    ByteBuf bytes = numbered(MIB);
    fill(bytes);
    StreamServer.await(server.http.close());
    stream.closed.get(5, TimeUnit.SECONDS);
    assertReleased(bytes);
  }
}
