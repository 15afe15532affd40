package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.HttpStream;
import dev.broadcast.testing.SseParser;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that does not read costs little, delays nobody, and loses nothing that is kept. */
class SlowClientTest {
  private static final int SMALL_BUFFER = 4096;
  private static final String PADDING = "x".repeat(20_000);

  @ParameterizedTest
  @EnumSource
  void whoReadsAgainCatchesUpThroughHistoryOnTheSameStream(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup, "--queue-size=8", "--ring-size=1MiB")) {
      List<String> topics = cluster.topicsOnAllShards(setup, 2);
      String query = "topic=" + String.join("&topic=", topics);
      try (OpenStream healthy = cluster.node(0).listen(query).awaitConnected();
          OpenStream stalled = cluster.node(0).listen(query, "", SMALL_BUFFER).awaitConnected()) {
        stalled.stall();
        // Given far more than sockets, queue and ring hold
        List<String> sent = new ArrayList<>();
        long slowest = 0;
        for (int i = 0; i < 400; i++) {
          sent.add(i + PADDING);
          long start = System.nanoTime();
          cluster.node(1).publish(topics.get(i % 2), sent.get(i));
          slowest = Math.max(slowest, System.nanoTime() - start);
        }
        // Then others are not delayed
        healthy.awaitMessages(sent.size());
        assertEquals(List.copyOf(sent), ordered(healthy, setup));
        assertTrue(slowest < TimeUnit.SECONDS.toNanos(2), "slowest publish took " + slowest);
        assertTrue(stalled.data().size() < 300, () -> "it was to be behind: " + stalled);
        // When it reads again
        stalled.readAgain();
        // Then it gets all, in order, and goes on live
        stalled.awaitMessages(sent.size());
        cluster.node(1).publish(topics.get(0), "400 live");
        sent.add("400 live");
        assertEquals(sent, ordered(stalled.awaitMessages(sent.size()), setup));
        assertEquals(List.of(), stalled.resets());
        assertFalse(stalled.ended());
      }
    }
  }

  /** Over several shards order is per topic; a replay may show one shard before the other. */
  private static List<String> ordered(OpenStream client, Setup setup) {
    List<String> data = client.data();
    if (setup.shards() == 1) {
      return data;
    }
    for (int topic = 0; topic < 2; topic++) {
      int wanted = topic;
      List<Integer> one =
          data.stream().map(SlowClientTest::number).filter(n -> n % 2 == wanted).toList();
      assertEquals(one.stream().sorted().toList(), one);
    }
    return data.stream().sorted((a, b) -> Integer.compare(number(a), number(b))).toList();
  }

  private static int number(String data) {
    return Integer.parseInt(data.replaceFirst("[^0-9].*", ""));
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aMessageLargerThanTheQueueReachesWhoReadsSlowly(Setup setup) {
    try (TestCluster cluster =
        TestCluster.start(setup, "--queue-bytes=1KiB", "--queue-size=1", "--max-body=4MiB")) {
      try (OpenStream slow = cluster.node(0).listen("topic=t", "", SMALL_BUFFER)) {
        slow.awaitConnected();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          sent.add(i + "z".repeat(1_500_000));
          cluster.node(1).publish("t", sent.get(i));
        }
        assertEquals(sent, slow.awaitMessages(6).data());
        assertEquals(List.of(), slow.resets());
      }
    }
  }

  @Test
  void manyStalledClientsAndLargeMessagesCostBoundedMemory() {
    int clients = 100;
    int messages = 400;
    String large = "y".repeat(200_000);
    List<OpenStream> stalled = new ArrayList<>();
    try (TestCluster cluster =
        TestCluster.start(
            Setup.REDIS, "--queue-bytes=64KiB", "--ring-size=1MiB", "--history-size=10")) {
      for (int i = 0; i < clients; i++) {
        stalled.add(cluster.node(0).listen("topic=t", "", SMALL_BUFFER).awaitConnected());
        stalled.get(i).stall();
      }
      long direct = direct();
      long heap = heap();
      // When 80 MB of messages pass by
      for (int i = 0; i < messages; i++) {
        cluster.node(1).publish("t", large);
      }
      try (OpenStream fresh = cluster.node(0).listen("topic=t&history=1")) {
        fresh.awaitMessages(1);
      }
      // Then what is held for them is far less
      long directGrowth = direct() - direct;
      long heapGrowth = heap() - heap;
      assertTrue(directGrowth < 40L << 20, "direct memory grew by " + directGrowth);
      assertTrue(heapGrowth < 40L << 20, "heap grew by " + heapGrowth);
      assertTrue(stalled.stream().noneMatch(OpenStream::ended));
    } finally {
      stalled.forEach(OpenStream::close);
    }
  }

  private static long direct() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void whoTakesNothingForTheWriteTimeoutIsClosedAndCounted(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup, "--write-timeout=1s")) {
      FrontNode node = cluster.node(0);
      try (OpenStream healthy = node.listen("topic=t").awaitConnected();
          OpenStream slow = node.listen("topic=t", "", SMALL_BUFFER).awaitConnected();
          OpenStream stalled = node.listen("topic=t", "", SMALL_BUFFER).awaitConnected()) {
        stalled.stall();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
          sent.add(i + PADDING);
          node.publish("t", sent.get(i));
        }
        Await.until("closed", Duration.ofSeconds(6), () -> connected(node) == 2);
        assertEquals(
            1, node.status().path("node").path("disconnects").path("write-timeout").asInt());
        // And its cursor repairs it
        stalled.readAgain();
        stalled.awaitEnd();
        int seen = stalled.data().size();
        try (OpenStream again = node.listen("topic=t", stalled.cursor())) {
          again.awaitMessages(sent.size() - seen);
          List<String> all = new ArrayList<>(stalled.data());
          all.addAll(again.data());
          assertEquals(sent, all);
          assertEquals(List.of(), again.resets());
        }
        assertEquals(sent, healthy.awaitMessages(300).data());
        assertEquals(sent, slow.awaitMessages(300).data());
      }
    }
  }

  /**
   * What the two kernels hold between node and client, 4 MB and more, is no progress to see: they
   * are kept from taking so much, and half a megabyte read within the timeout is enough.
   */
  @Test
  void whoReadsSlowlyButSteadilyIsNeverClosed() throws IOException {
    try (TestCluster cluster =
        TestCluster.start(Setup.ALONE, "--write-timeout=4s", "--queue-size=8")) {
      FrontNode node = cluster.node(0);
      try (HttpStream slow = new HttpStream(node.uri(), "/events?topic=t", Map.of(), 0)) {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
          sent.add(i + PADDING);
          node.publish("t", sent.get(i));
        }
        Received received = new Received();
        // 256 KiB a second, for several times the write timeout
        long start = System.nanoTime();
        for (int step = 1; step <= 12 * 32; step++) {
          long next = start + step * 31_250_000L;
          Await.until("next step", () -> System.nanoTime() >= next);
          received.take(slow, 8192);
        }
        // Then it is still there, and whole
        assertTrue(received.data.size() < 300, "it was to be far behind: " + received.data.size());
        assertEquals(1, connected(node));
        while (received.data.size() < sent.size()) {
          received.take(slow, 64 << 10);
        }
        assertEquals(sent, received.data);
      }
    }
  }

  /** The messages of a stream that the test itself reads. */
  private static final class Received implements SseParser.Sink {
    private final List<String> data = new ArrayList<>();
    private final SseParser parser = new SseParser("", this);
    private final byte[] buffer = new byte[64 << 10];

    void take(HttpStream stream, int most) throws IOException {
      int count = stream.read(buffer, most);
      assertTrue(count >= 0, "the node ended the stream after " + data.size());
      parser.feed(buffer, count);
    }

    @Override
    public void event(String type, String text, String id) {
      if (!type.equals("connected")) {
        data.add(text);
      }
    }

    @Override
    public void idOnly(String id) {}

    @Override
    public void comment(String text) {}

    @Override
    public void retry(long millis) {}
  }

  private static int connected(FrontNode node) {
    return node.status().path("node").path("connected_clients").asInt();
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void whoseNextMessageIsNoLongerKeptIsToldAndClosedAndRepairedByItsCursor(Setup setup) {
    try (TestCluster cluster =
        TestCluster.start(setup, "--queue-size=4", "--history-size=10", "--ring-size=1MiB")) {
      FrontNode node = cluster.node(0);
      try (OpenStream stalled = node.listen("topic=t", "", SMALL_BUFFER).awaitConnected()) {
        stalled.stall();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
          sent.add(i + PADDING);
          node.publish("t", sent.get(i));
        }
        stalled.readAgain();
        stalled.awaitEnd();
        // Then what it got has no gap
        assertEquals(sent.subList(0, stalled.data().size()), stalled.data());
        ResetTest.assertReset(stalled, "trimmed", List.of("t"), null);
        assertEquals("behind", stalled.ofType("closing").get(0).json().path("reason").asText());
        assertEquals(1, node.status().path("node").path("disconnects").path("behind").asInt());
        try (OpenStream again = node.listen("topic=t", stalled.cursor())) {
          again.await("last", s -> s.data().contains(sent.get(399)));
          assertTrue(again.data().size() >= 10);
          assertEquals(sent.subList(400 - again.data().size(), 400), again.data());
        }
      }
    }
  }
}
