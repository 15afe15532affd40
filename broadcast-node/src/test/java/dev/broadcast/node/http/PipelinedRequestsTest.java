package dev.broadcast.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Requests that come behind others before these are answered: each is answered, none for free. */
class PipelinedRequestsTest {
  private static final String HISTORY = HostileCases.get("/history?topic=t");

  /** More than the buffers of both kernels hold (4 MB and 6 MB by Linux' defaults). */
  private static final int MANY_BYTES = 48 << 20;

  @Test
  void whoReadsNothingCanAskForOnlySoMuch() throws Exception {
    try (TestNode node = new TestNode(new FakeHub());
        SocketChannel client =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
        Selector selector = Selector.open()) {
      client.configureBlocking(false);
      client.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer requests =
          ByteBuffer.wrap(HostileCases.get("/status").repeat(2_000).getBytes(ISO_8859_1));
      long sent = 0;
      while (sent < MANY_BYTES && selector.select(2_000) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(requests);
        if (!requests.hasRemaining()) {
          requests.rewind();
        }
      }
      assertTrue(sent < MANY_BYTES, "all of it was read and is held in memory");
      assertEquals(200, RawClient.exchange(node.port(), HostileCases.get("/status")).status());
    }
  }

  @Test
  void whoEndsItsSideStillGetsEveryAnswer() throws Exception {
    try (TestNode node = new TestNode(new LaterHub())) {
      for (int round = 0; round < 100; round++) {
        for (int count : List.of(1, 2, 3, 10)) {
          try (RawClient client = new RawClient(node.port())) {
            client.send(HISTORY.repeat(count));
            client.socket.shutdownOutput();
            for (int i = 0; i < count; i++) {
              assertEquals(200, client.answer().status(), "answer " + i + " of " + count);
            }
            assertTrue(client.ends());
          }
        }
      }
    }
  }

  @Test
  void requestsBehindThatOfStreamAreNotAnswered() throws Exception {
    FakeHub hub = new FakeHub();
    try (TestNode node = new TestNode(hub);
        RawClient client = new RawClient(node.port())) {
      client.send(HostileCases.get("/events") + HostileCases.json("{\"data\":1}").repeat(50));
      assertEquals("text/event-stream", client.answer().headers().get("content-type"));
      assertEquals("id: c1", client.line());
      client.socket.shutdownOutput();
      while (!client.ends()) {}
      assertEquals(List.of(), hub.published);
    }
  }

  /** Answers a moment later and on another thread, as one does that asks Redis. */
  private static final class LaterHub extends FakeHub {
    private final Executor later = CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS);

    @Override
    public CompletableFuture<List<StoredMessage>> history(
        String topic, int limit, @Nullable String after, boolean addressed) {
      return super.history(topic, limit, after, addressed)
          .thenApplyAsync(messages -> messages, later);
    }
  }
}
