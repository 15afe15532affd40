package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.NpmPackages;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients nobody here wrote get what was published, byte for byte, and miss nothing when their node
 * dies. Those that need programs beside Java are left out where these are not installed; CI has
 * them.
 */
@Timeout(90)
class ForeignClientsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  private static final List<String> TEXTS =
      List.of(
          "plain",
          "",
          "two\nlines",
          "carriage\rreturn",
          "both\r\nof them",
          "ends with a line\n",
          "\n",
          "\r\n\r\n",
          " leading and trailing blanks ",
          ": like a comment",
          "data: like a field",
          "a\u0000b",
          "\uFEFFlike a byte order mark",
          "\u2028 and \u0085 end no line",
          "žluťoučký kůň \uD83D\uDE80\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 日本語",
          "x".repeat(100_000));

  @TempDir static Path directory;

  private static Cluster cluster;
  private static TcpBalancer balancer;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(directory, 2);
    balancer = new TcpBalancer(cluster.uris());
  }

  @AfterAll
  static void stop() throws IOException {
    if (balancer != null) {
      balancer.close();
      cluster.close();
    }
  }

  @Test
  void curl() throws Exception {
    assumeTrue(NpmPackages.hasProgram("curl"), "curl is not installed");
    passesTheTrial("curl", ForeignClient::curl);
  }

  @Test
  void npmEventSource() throws Exception {
    Path scripts = scripts();
    passesTheTrial("npm", url -> ForeignClient.node(scripts, "eventsource.mjs", url));
  }

  @Test
  void npmEventSourceParser() throws Exception {
    Path scripts = scripts();
    passesTheTrial("parser", url -> ForeignClient.node(scripts, "eventsource-parser.mjs", url));
  }

  @Test
  void okHttpEventSource() throws Exception {
    passesTheTrial("okhttp", ForeignClient::okHttp);
  }

  /** The bytes themselves: LF endings, no byte order mark, whatever was published. */
  @Test
  void theBytesHoldNoCarriageReturnAndNoByteOrderMark() throws IOException {
    HttpTranscript raw = HttpTranscript.of(cluster.uri(0), "/events?topic=raw");
    raw.await("connected", SOON, text -> text.contains("event: connected\n"));
    publish("raw", "a\rb\r\nc\nd");
    publish("raw", "the end");
    raw.await("the end", SOON, text -> text.contains("data: the end\n\n"));
    assertTrue(raw.text().contains("data: a\ndata: b\ndata: c\ndata: d\n\n"), raw.text());
    assertFalse(raw.text().contains("\r"), raw.text());
    assertFalse(raw.text().startsWith("\uFEFF"), raw.text());
  }

  private static void passesTheTrial(String topic, Function<URI, ForeignClient> opened)
      throws Exception {
    cluster.awaitReady();
    URI url = balancer.uri().resolve("/events?topic=" + topic);
    try (ForeignClient client = opened.apply(url)) {
      client.await("connected", SOON, got -> got.stream().anyMatch(isType("connected")));
      for (String text : TEXTS) {
        publish(topic, text);
      }
      var expected = new ArrayList<>(TEXTS.stream().map(ForeignClientsIT::asReceived).toList());
      awaitData(client, expected);

      cluster.node(0).kill();
      for (String text : List.of("while it is away", "and\nanother", "")) {
        publish(topic, text);
        expected.add(text);
      }
      awaitData(client, expected);

      assertIterableEquals(expected, client.data());
      assertTrue(client.got().stream().noneMatch(isType("reset").or(isType("error"))), topic);
    } finally {
      cluster.revive(0);
    }
  }

  private static Predicate<ForeignClient.Got> isType(String type) {
    return got -> got.type().equals(type);
  }

  private static void awaitData(ForeignClient client, List<String> expected) {
    client.await(
        expected.size() + " messages",
        SOON,
        got -> got.stream().filter(isType("text")).count() >= expected.size());
    assertIterableEquals(expected, client.data());
  }

  /** Server-Sent Events know one line ending. */
  private static String asReceived(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static Path scripts() throws Exception {
    assumeTrue(NpmPackages.hasProgram("node"), "Node.js is not installed");
    assumeTrue(NpmPackages.hasProgram("npm"), "npm is not installed");
    return NpmPackages.install("foreign-clients", "eventsource.mjs", "eventsource-parser.mjs");
  }

  /** On the node that stays. */
  private static void publish(String topic, String text) throws IOException {
    var message = Map.of("topic", topic, "type", "text", "data", text);
    // "text" is no standard type; without --strict any may be used.
    Http.Answer answer = cluster.http().post(cluster.uri(1), "/events", message, Map.of());
    assertEquals(200, answer.status(), answer.text());
  }
}
