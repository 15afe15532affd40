package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.broadcast.e2e.BalancerProcess.Kind;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the shipped load balancers do about a publish whose node takes it and ends. */
class BalancerRetryIT {
  private static final int PUBLISHES = 9;

  @TempDir Path directory;

  private final AtomicInteger taken = new AtomicInteger();

  @ParameterizedTest
  @EnumSource(names = {"HAPROXY", "NGINX"})
  void repeatPublishOnlyUnderItsKey(Kind kind) throws IOException {
    assumeTrue(kind.installed().isPresent(), kind + " is not installed");
    List<HttpServer> nodes = new ArrayList<>();
    try {
      // Given one node that answers and two that end with each publish
      for (boolean answers : List.of(true, false, false)) {
        nodes.add(node(answers));
      }
      List<URI> uris = nodes.stream().map(BalancerRetryIT::uri).toList();
      var http = new Http("");
      try (var balancer = BalancerProcess.start(kind, directory, uris)) {
        balancer.awaitServing();
        // When some are published under a key
        for (int i = 0; i < PUBLISHES; i++) {
          assertEquals(200, publish(http, balancer, Map.of("Idempotency-Key", "k" + i)));
        }
        // Then they were sent again, while one without a key never is
        assertTrue(taken.getAndSet(0) > PUBLISHES, "no node ended with one: nothing was tried");
        int answered = 0;
        for (int i = 0; i < PUBLISHES; i++) {
          answered += publish(http, balancer, Map.of()) == 200 ? 1 : 0;
        }
        assertEquals(PUBLISHES, taken.get());
        assertTrue(answered < PUBLISHES);
      }
    } finally {
      nodes.forEach(node -> node.stop(0));
    }
  }

  /** The status, or 0 where there is no answer: HAProxy says nothing on a connection in use. */
  private static int publish(Http http, BalancerProcess balancer, Map<String, String> headers) {
    try {
      return http.post(balancer.uri(), "/events", Map.of("data", 1), headers).status();
    } catch (IOException e) {
      return 0;
    }
  }

  private HttpServer node(boolean answers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, answers));
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange, boolean answers) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean publish = exchange.getRequestMethod().equals("POST");
    if (publish) {
      taken.incrementAndGet();
    }
    if (answers || !publish) {
      exchange.sendResponseHeaders(200, -1);
    }
    exchange.close();
  }

  private static URI uri(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }
}
