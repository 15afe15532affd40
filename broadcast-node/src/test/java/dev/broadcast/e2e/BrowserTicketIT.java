package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.broadcast.testing.Browser;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A browser's own EventSource on a page of another origin, let in by a ticket, comes back by itself
 * when its node dies: to another node, with the cookie alone. Left out where there is no Chromium.
 */
@Timeout(90)
class BrowserTicketIT {
  private static final String PAGE =
      """
      <!doctype html><title>page</title><script>
      const tell = text => fetch('/told', {method: 'POST', body: text});
      fetch('/ticket').then(answer => answer.json()).then(sold => {
        const url = 'NODE/events?topic=browser&ticket=' + sold.ticket;
        const source = new EventSource(url, {withCredentials: true});
        source.addEventListener('connected', event => tell('connected'));
        source.addEventListener('reset', event => tell('reset'));
        source.onmessage = event => tell('message ' + event.data);
        source.onerror = event => tell('error ' + source.readyState);
      });
      </script>
      """;

  @TempDir Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();

  @Test
  void comesBackToAnotherNodeWithTheCookieAlone() throws Exception {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    HttpServer pages =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String origin = "http://localhost:" + pages.getAddress().getPort();
    Http server = new Http("server-side");
    try (Cluster cluster =
            Cluster.start(
                directory.resolve("cluster"),
                2,
                "--subscribe-key=server-side",
                "--cors-origins=" + origin);
        TcpBalancer balancer = new TcpBalancer(cluster.uris());
        Browser browser = Browser.start()) {
      String node = "http://localhost:" + balancer.uri().getPort();
      pages.createContext("/", exchange -> answer(exchange, "text/html", page(node)));
      pages.createContext("/told", this::told);
      pages.createContext(
          "/ticket",
          exchange -> answer(exchange, "application/json", ticket(server, cluster.uri(1))));
      pages.start();
      browser.open(URI.create(origin + "/"));

      await("connected");
      publish(cluster, "one");
      await("message one");
      cluster.node(0).kill();
      publish(cluster, "two");
      await("message two");
      assertEquals(2, told.stream().filter("connected"::equals).count(), told.toString());
      assertTrue(told.contains("error 0"), told.toString());
      assertTrue(told.stream().noneMatch(t -> t.equals("error 2") || t.equals("reset")), "" + told);
      assertEquals(
          List.of("message one", "message two"),
          told.stream().filter(t -> t.startsWith("message")).toList());
    } finally {
      pages.stop(0);
    }
  }

  private static String page(String node) {
    return PAGE.replace("NODE", node);
  }

  private static String ticket(Http server, URI node) throws IOException {
    return server.post(node, "/tickets", Map.of("topics", List.of("browser")), Map.of()).text();
  }

  private static void publish(Cluster cluster, String data) throws IOException {
    var answer =
        cluster
            .http()
            .post(cluster.uri(1), "/events", Map.of("topic", "browser", "data", data), Map.of());
    assertEquals(200, answer.status(), answer.text());
  }

  private void told(HttpExchange exchange) throws IOException {
    told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    answer(exchange, "text/plain", "");
  }

  private static void answer(HttpExchange exchange, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void await(String what) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!told.contains(what)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("no " + what + " in " + told);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
