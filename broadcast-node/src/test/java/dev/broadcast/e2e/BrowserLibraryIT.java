package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.broadcast.testing.Browser;
import dev.broadcast.testing.Browser.Tab;
import dev.broadcast.testing.Http;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /broadcast.js} in a headless Chromium, against nodes that die. */
@Timeout(120)
class BrowserLibraryIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** In place of a status. */
  private static final int NEVER = -1;

  @TempDir static Path directory;

  private static Cluster cluster;
  private static TcpBalancer balancer;
  private static Browser browser;

  @BeforeAll
  static void start() {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    cluster = Cluster.start(directory, 2, "--heartbeat=1s");
    balancer = new TcpBalancer(cluster.uris());
    browser = Browser.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (browser != null) {
      browser.close();
      balancer.close();
      cluster.close();
    }
  }

  @Test
  void givesWhatWasPublishedAndMissesNothingWhenItsNodeDies() throws IOException {
    List<String> sent =
        new ArrayList<>(
            List.of(
                "plain",
                "",
                "two\nlines",
                "\n",
                " blanks ",
                "data: x",
                "🚀 日本語",
                "x".repeat(99_000)));
    try (Tab page = page("trial")) {
      for (String text : sent) {
        publish("trial", text);
      }
      await(page, sent);
      // When the node that the balancer prefers is killed
      cluster.node(0).kill();
      for (String text : List.of("while it is away", "and\nanother")) {
        publish("trial", text);
        sent.add(text);
      }
      // Then the stream goes on at another, from where it was
      await(page, sent);
      assertEquals(List.of(), strings(page, "seen.resets"));
      assertTrue(page.run("seen.errors.length").asInt() >= 1);
    } finally {
      cluster.revive(0);
    }
  }

  @Test
  void noticesALinkThatIsSilentThoughItIsNotClosed() throws IOException {
    try (Tab page = page("silent")) {
      cluster.node(0).pause();
      // Two and a half intervals of a second
      page.await("notices it", "seen.errors.some(e => e.startsWith('nothing was heard'))", SOON);
      cluster.node(0).resume();
      publish("silent", "back");
      await(page, List.of("back"));
    } finally {
      cluster.node(0).resume();
    }
  }

  @Test
  void keepsItsCursorOverAReloadWhenAskedTo() throws IOException {
    try (Tab page = page("reload", "{keepCursor: true}")) {
      publish("reload", "before");
      await(page, List.of("before"));
      page.run("source.close()");
      publish("reload", "meanwhile");
      listen(page, "reload", "{keepCursor: true}");
      publish("reload", "after");
      await(page, List.of("meanwhile", "after"));
    }
  }

  @Test
  void tellsWhenACursorCannotBeHonoured() {
    try (Tab page = page("garbage", "{lastEventId: 'garbage'}")) {
      page.await("reset", "seen.resets.length === 1");
      assertEquals("garbage", page.run("JSON.parse(seen.resets[0]).last_event_id").asText());
    }
  }

  @Test
  void oneStreamServesAllTabsAndMovesOnWhenTheTabThatReadsItIsClosed() throws IOException {
    String share = "{share: true}";
    Tab first = page("shared", share);
    try (Tab second = page("shared", share);
        Tab third = page("shared", share)) {
      // Given three tabs and one stream
      publish("shared", "1");
      for (Tab tab : List.of(first, second, third)) {
        await(tab, List.of("1"));
      }
      assertEquals(1, connectedClients());
      // When the one that reads it is closed while messages come
      publish("shared", "2");
      first.close();
      publish("shared", "3");
      // Then another reads on, and none misses or sees twice
      for (Tab tab : List.of(second, third)) {
        tab.await("3", "seen.data.includes('3')", SOON);
        assertEquals(List.of("1", "2", "3"), strings(tab, "seen.data"));
      }
      publish("shared", "4");
      for (Tab tab : List.of(second, third)) {
        await(tab, List.of("1", "2", "3", "4"));
      }
      assertEquals(1, connectedClients());
    }
  }

  @Test
  void theModuleIsTheSame() {
    try (Tab page = browser.open(balancer.uri().resolve("/health/live"))) {
      JsonNode same =
          page.run(
              "import('/broadcast.mjs').then(m => m.default === window.BroadcastSource && m.BroadcastSource === m.default)");
      assertTrue(same.asBoolean());
    }
  }

  /** An EventSource would have given up at the first of these. */
  @Test
  void comesBackAfterAnswersThatEndAnEventSourceAndEndsAtNoContent() throws IOException {
    Deque<Integer> answers =
        new ConcurrentLinkedDeque<>(List.of(500, 503, 404, 200, 429, 200, 204));
    HttpServer stub = stub(answers);
    try (Tab page =
        browser.open(URI.create("http://127.0.0.1:" + stub.getAddress().getPort() + "/"))) {
      listen(page, "t", "{retry: 20}");
      page.await("end", "seen.ended", SOON);
      assertEquals(2, page.run("source.readyState").asInt());
      assertEquals(List.of("hello", "hello"), strings(page, "seen.data"));
      assertEquals(
          List.of("500", "503", "404", "200", "429", "200"), strings(page, "seen.statuses"));
      assertTrue(answers.isEmpty(), answers::toString);
    } finally {
      stub.stop(0);
    }
  }

  @Test
  void asksAgainWhenATicketOrAnAnswerNeverComes() throws IOException {
    HttpServer stub = stub(new ConcurrentLinkedDeque<>(List.of(NEVER, 204)));
    try (Tab page =
        browser.open(URI.create("http://127.0.0.1:" + stub.getAddress().getPort() + "/"))) {
      listen(
          page,
          "t",
          "{retry: 20, ticket: () => (window.sold = 1 + (window.sold || 0)) > 1 ? 'some' : new Promise(() => {})}");
      // Given a clock on which 11 s pass in each of the page's seconds
      page.run(
          "{ const now = Date.now, from = now(); Date.now = () => from + 11 * (now() - from) }");
      // Then the first attempt fails for its ticket, the second for its answer, the third is told
      page.await("end", "seen.ended", SOON);
      assertEquals(3, page.run("window.sold").asInt());
      assertEquals(
          2, page.run("seen.errors.filter(e => e.startsWith('nothing was heard')).length").asInt());
    } finally {
      stub.stop(0);
    }
  }

  @Test
  void isSmallEnough() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(library());
    }
    assertTrue(zipped.size() < 4096, () -> zipped.size() + " bytes");
  }

  private static HttpServer stub(Deque<Integer> answers) throws IOException {
    HttpServer stub =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    stub.createContext("/", exchange -> answer(exchange, 200, "text/html", new byte[] {' '}));
    stub.createContext(
        "/broadcast.js", exchange -> answer(exchange, 200, "text/javascript", library()));
    stub.createContext(
        "/events",
        exchange -> {
          int status = answers.remove();
          if (status == NEVER) {
            return;
          }
          byte[] body =
              (status == 200 ? "id: 1\ndata: hello\n\n" : "no").getBytes(StandardCharsets.UTF_8);
          answer(exchange, status, status == 200 ? "text/event-stream" : "text/plain", body);
        });
    stub.start();
    return stub;
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, status == 204 ? -1 : body.length);
      if (status != 204) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static byte[] library() throws IOException {
    try (InputStream in =
        BrowserLibraryIT.class.getResourceAsStream("/dev/broadcast/node/http/broadcast.js")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static Tab page(String topic) {
    return page(topic, "{}");
  }

  /** A page of the cluster's own origin that listens; returns when its stream is open. */
  private static Tab page(String topic, String options) {
    Tab page = browser.open(balancer.uri().resolve("/health/live"));
    listen(page, topic, options);
    page.await("open", "source.readyState === 1", SOON);
    return page;
  }

  private static void listen(Tab page, String topic, String options) {
    page.go(URI.create(page.run("location.href").asText()));
    page.run(
        """
        new Promise((done, failed) => {
          const script = document.createElement('script');
          script.src = '/broadcast.js';
          script.onload = done;
          script.onerror = failed;
          document.head.append(script);
        }).then(() => {
          window.seen = {data: [], resets: [], errors: [], statuses: [], ended: false};
          window.source = new BroadcastSource('/events?topic=%s', %s);
          source.onmessage = event => seen.data.push(event.data);
          source.onerror = event => { seen.errors.push(event.reason); seen.statuses.push('' + event.status); };
          source.onend = () => { seen.ended = true; };
          source.addEventListener('reset', event => seen.resets.push(event.data));
        })
        """
            .formatted(topic, options));
  }

  private static void await(Tab page, List<String> sent) {
    page.await(sent.size() + " messages", "seen.data.length >= " + sent.size(), SOON);
    assertEquals(sent, strings(page, "seen.data"));
  }

  private static List<String> strings(Tab page, String expression) {
    return StreamSupport.stream(page.run(expression).spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  private static int connectedClients() throws IOException {
    return cluster.http().get(cluster.uri(1), "/status").json().path("connected_clients").asInt();
  }

  /** On the node that stays. */
  private static void publish(String topic, String text) throws IOException {
    Http.Answer answer =
        cluster
            .http()
            .post(cluster.uri(1), "/events", Map.of("topic", topic, "data", text), Map.of());
    assertEquals(200, answer.status(), answer.text());
  }
}
