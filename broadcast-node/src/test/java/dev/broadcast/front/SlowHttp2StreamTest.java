package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http2Client;
import dev.broadcast.testing.SseParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams that share an HTTP/2 connection with some that are not read. */
class SlowHttp2StreamTest {
  private static final int STREAMS = 100;
  private static final int MESSAGES = 200;
  private static final String PADDING = "x".repeat(700);

  /** A stream's events, and what a browser would come back with. */
  private record Seen(List<String> data, String cursor, List<String> control) {
    static Seen of(Http2Client.Stream stream) {
      List<String> data = new ArrayList<>();
      List<String> control = new ArrayList<>();
      String[] cursor = {""};
      byte[] bytes = stream.text().getBytes(StandardCharsets.UTF_8);
      SseParser.Sink sink =
          new SseParser.Sink() {
            @Override
            public void event(String type, String text, String id) {
              (type.equals("message") ? data : control).add(type.equals("message") ? text : type);
              cursor[0] = id;
            }

            @Override
            public void idOnly(String id) {
              cursor[0] = id;
            }

            @Override
            public void comment(String text) {}

            @Override
            public void retry(long millis) {}
          };
      new SseParser("", sink).feed(bytes, bytes.length);
      return new Seen(data, cursor[0], control);
    }
  }

  private static Http2Client connect(FrontNode node, int window, boolean creditsAll)
      throws IOException {
    return new Http2Client(node.uri(), window, Http2Client.DEFAULT_WINDOW, creditsAll);
  }

  private static List<Http2Client.Stream> open(Http2Client client, int stalled, boolean atOnce) {
    List<Http2Client.Stream> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      String more = i < stalled ? "&topic=bulk" : "";
      streams.add(client.get("/events?topic=t" + more, "", i >= stalled || !atOnce));
    }
    for (Http2Client.Stream stream : streams) {
      Await.until("connected", () -> stream.length() + stream.unread() > 0);
    }
    streams.subList(0, stalled).forEach(Http2Client.Stream::stall);
    return streams;
  }

  private static List<String> publish(FrontNode node, int count) {
    return node.publishMany("t", PADDING, count);
  }

  private static void awaitAll(List<Http2Client.Stream> streams, List<String> sent) {
    String last = "data: " + sent.get(sent.size() - 1) + "\n\n";
    int enough = sent.size() * (PADDING.length() + 8);
    for (Http2Client.Stream stream : streams) {
      Await.until("all", () -> stream.length() > enough && stream.text().endsWith(last));
      assertEquals(sent, Seen.of(stream).data());
      assertFalse(stream.ended());
    }
  }

  /**
   * While several are stalled, nobody can tell them for sure from one whose client is busy: it may
   * be sent away, and then comes back with its cursor.
   */
  private static void awaitAllOrRepaired(
      Http2Client client, Http2Client.Stream stream, List<String> sent) {
    String last = "data: " + sent.get(sent.size() - 1) + "\n\n";
    int enough = sent.size() * (PADDING.length() + 8);
    Duration patience = Duration.ofSeconds(60);
    Await.until(
        "all, or sent away",
        patience,
        () -> stream.reset() || (stream.length() > enough && stream.text().endsWith(last)));
    Seen before = Seen.of(stream);
    List<String> all = new ArrayList<>(before.data());
    if (stream.reset()) {
      String cursor = before.cursor().isEmpty() ? "earliest" : before.cursor();
      Http2Client.Stream again = client.get("/events?topic=t", cursor, true);
      Await.until("repaired", patience, () -> again.text().endsWith(last));
      all.addAll(Seen.of(again).data());
    }
    assertEquals(sent, all);
  }

  private static int connected(FrontNode node) {
    return node.status().path("node").path("connected_clients").asInt();
  }

  private static int timedOut(FrontNode node) {
    return node.status().path("node").path("disconnects").path("write-timeout").asInt();
  }

  /**
   * @param window of the connection; a stream's is 64 KiB
   * @param creditsAll whether unread streams use the connection's window up
   */
  @ParameterizedTest
  @CsvSource({"65535, false", "200000, false", "65535, true", "16777216, false"})
  void aStalledStreamStaysOpenAndLeavesTheOthersTheirs(int window, boolean creditsAll)
      throws IOException {
    try (FrontNode node = FrontNode.start(List.of("--queue-size=16"));
        Http2Client client = connect(node, window, creditsAll)) {
      List<Http2Client.Stream> streams = open(client, 1, false);
      Http2Client.Stream stalled = streams.get(0);
      // When each is sent several windows full
      List<String> sent = publish(node, MESSAGES);
      // Then all others have everything while it is stalled
      awaitAll(streams.subList(1, STREAMS), sent);
      assertFalse(stalled.ended());
      assertTrue(stalled.unread() <= Http2Client.DEFAULT_WINDOW / 2 + 1, "" + stalled.unread());
      assertEquals(STREAMS, connected(node));
      // And it goes on where it was, once it reads
      String last = sent.get(MESSAGES - 1) + "\n\n";
      Await.until(
          "caught up",
          () -> {
            stalled.read(Integer.MAX_VALUE);
            return stalled.text().endsWith(last);
          });
      assertEquals(sent, Seen.of(stalled).data());
      assertEquals(List.of("connected"), Seen.of(stalled).control());
    }
  }

  /**
   * Streams that leave the others too little, or nothing.
   *
   * @param atOnce stalled before their first byte: so much that nobody else's can be credited
   */
  @ParameterizedTest
  @CsvSource({"1, true", "5, false", "20, false"})
  void streamsThatTakeTheWholeConnectionGiveWay(int stalled, boolean atOnce) throws IOException {
    try (FrontNode node = FrontNode.start(List.of("--queue-size=16"));
        Http2Client client = connect(node, Http2Client.DEFAULT_WINDOW, false)) {
      List<Http2Client.Stream> streams = open(client, stalled, atOnce);
      node.publishMany("bulk", "b" + PADDING, 100);
      List<String> sent = publish(node, MESSAGES);
      for (Http2Client.Stream stream : streams.subList(stalled, STREAMS)) {
        awaitAllOrRepaired(client, stream, sent);
      }
      // Each with its reason
      List<Http2Client.Stream> reset =
          streams.subList(0, stalled).stream().filter(Http2Client.Stream::reset).toList();
      assertFalse(reset.isEmpty());
      long ended = streams.stream().filter(Http2Client.Stream::reset).count();
      assertEquals(ended, timedOut(node));
      // And its cursor repairs it
      Seen before = Seen.of(reset.get(0));
      String cursor = before.cursor().isEmpty() ? "earliest" : before.cursor();
      Http2Client.Stream again = client.get("/events?topic=t&topic=bulk", cursor, true);
      String last = sent.get(MESSAGES - 1) + "\n\n";
      Await.until("repaired", () -> again.text().endsWith(last));
      List<String> all = new ArrayList<>(before.data());
      all.addAll(Seen.of(again).data());
      all.removeIf(text -> text.startsWith("b"));
      assertEquals(sent, all);
    }
  }

  @Test
  void aStalledStreamIsClosedAloneWhenItsTimeIsOver() throws IOException {
    try (FrontNode node = FrontNode.start(List.of("--queue-size=16", "--write-timeout=1s"));
        Http2Client client = connect(node, 1 << 24, false)) {
      List<Http2Client.Stream> streams = open(client, 1, false);
      List<String> sent = new ArrayList<>(publish(node, MESSAGES));
      Await.until("closed", Duration.ofSeconds(6), () -> streams.get(0).reset());
      assertEquals(1, timedOut(node));
      assertEquals(STREAMS - 1, connected(node));
      sent.addAll(publish(node, 50));
      awaitAll(streams.subList(1, STREAMS), sent);
    }
  }

  @Test
  void aStreamThatIsReadSlowlyButSteadilyIsNeverClosed() throws IOException {
    try (FrontNode node = FrontNode.start(List.of("--queue-size=16", "--write-timeout=1s"));
        Http2Client client = connect(node, Http2Client.DEFAULT_WINDOW, false)) {
      List<Http2Client.Stream> streams = open(client, 1, false);
      Http2Client.Stream slow = streams.get(0);
      List<String> sent = publish(node, MESSAGES);
      // 64 KiB a second
      long start = System.nanoTime();
      for (int step = 1; !slow.text().endsWith(sent.get(MESSAGES - 1) + "\n\n"); step++) {
        long next = start + step * 31_250_000L;
        Await.until("next step", () -> System.nanoTime() >= next);
        slow.read(2048);
        assertFalse(slow.ended());
      }
      assertTrue(System.nanoTime() - start > Duration.ofSeconds(2).toNanos(), "was to be slow");
      assertEquals(sent, Seen.of(slow).data());
      awaitAll(streams.subList(1, STREAMS), sent);
      assertEquals(STREAMS, connected(node));
    }
  }

  /** Nothing comes back from it before half of that window has been read. */
  @Test
  void aStreamWhoseClientOpenedItsWindowFurtherGetsHalfOfThat() throws IOException {
    try (FrontNode node = FrontNode.start(List.of());
        Http2Client client = new Http2Client(node.uri(), 1 << 24, 1 << 20, false)) {
      Http2Client.Stream stream = client.get("/events?topic=t", "", true);
      Await.until("connected", () -> stream.length() > 0);
      awaitAll(List.of(stream), publish(node, 1_600));
    }
  }
}
