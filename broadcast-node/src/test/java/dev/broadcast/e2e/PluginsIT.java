package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.broadcaster.MessageHandler;
import dev.broadcast.testing.Http;
import dev.broadcast.testing.HttpStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged node takes message handlers and authenticators from jars of others. */
@Timeout(120)
class PluginsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Map<String, String> HANDLER =
      Map.of(MessageHandler.class.getName(), "shop.Prices");
  private static final Map<String, String> BOTH =
      Map.of(
          MessageHandler.class.getName(),
          "shop.Prices",
          Authenticator.class.getName(),
          "shop.Sessions");
  private static final Map<String, String> PASSWORD =
      Map.of("Authorization", "Basic c2hvcDpzZWNyZXQ=");

  @TempDir Path directory;

  private final Http http = new Http("");

  private int get(URI node, String target, Map<String, String> headers) throws IOException {
    return http.request(node, "GET", target, "", headers).status();
  }

  private Http.Answer publish(URI node, String topic, String type) throws IOException {
    return http.post(node, "/events", Map.of("topic", topic, "type", type, "data", "x"), PASSWORD);
  }

  private static String read(HttpStream stream, String until) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[4096];
    while (text.indexOf(until) < 0) {
      int count = stream.read(buffer, buffer.length);
      if (count < 0) {
        throw new IOException("it ended before " + until + ": " + text);
      }
      text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  @Test
  void aHandlerAndAnAuthenticatorOfAJarDecide() throws Exception {
    Path jar = PluginJar.build(directory, "shop", BOTH);
    try (var node = NodeProcess.start(List.of("--port=0", "--plugins=" + jar))) {
      URI uri = node.uri();
      Map<String, String> ann = Map.of("Cookie", "session=ann");
      try (HttpStream stream = new HttpStream(uri, "/events?topic=orders/ann", ann, 0)) {
        assertEquals(200, stream.status());
        read(stream, "event: connected");
        assertEquals(200, publish(uri, "orders/ann", "update").status());
        read(stream, "event: update");
      }
      Http.Answer history =
          http.request(
              uri, "GET", "/history?topic=orders/ann", "", Map.of("Cookie", "session=ann"));
      assertEquals(
          "shop", history.json().path("messages").path(0).path("metadata").path("seen").asText());
      Http.Answer dropped = publish(uri, "orders/ann", "draft");
      assertEquals(422, dropped.status());
      assertTrue(dropped.text().contains("drafts stay here"), dropped::text);
      assertEquals(403, get(uri, "/history?topic=orders/bob", ann));
      assertEquals(200, get(uri, "/history?topic=news/x", Map.of("Authorization", "Bearer ann")));
      assertEquals(401, get(uri, "/history?topic=news/x", Map.of("Authorization", "Bearer A1")));
      assertEquals(401, get(uri, "/history?topic=news/x", Map.of()));
      assertEquals(401, http.post(uri, "/events", Map.of("data", "x"), Map.of()).status());
      assertEquals(403, http.post(uri, "/events", Map.of("data", "x"), ann).status());
      assertEquals(403, get(uri, "/connections", ann));
      assertEquals(200, get(uri, "/connections", PASSWORD));
    }
  }

  @Test
  void aPageOfAnotherOriginHasNothingOfTheCookie() throws Exception {
    Path jar = PluginJar.build(directory, "shop", BOTH);
    try (var node = NodeProcess.start(List.of("--port=0", "--plugins=" + jar))) {
      Map<String, String> elsewhere =
          Map.of("Cookie", "session=ann", "Origin", "https://evil.example");
      assertEquals(403, get(node.uri(), "/history?topic=news/x", elsewhere));
    }
  }

  @Test
  void whoCannotTellNowEndsNothingForGood() throws Exception {
    Path jar = PluginJar.build(directory, "shop", BOTH);
    try (var node = NodeProcess.start(List.of("--port=0", "--plugins=" + jar))) {
      Map<String, String> broken =
          Map.of("Cookie", "session=broken", "Accept", "text/event-stream");
      assertEquals(503, get(node.uri(), "/history?topic=news/x", broken));
      try (HttpStream stream = new HttpStream(node.uri(), "/events?topic=news/x", broken, 0)) {
        assertEquals(200, stream.status());
        assertTrue(read(stream, "event: closing").contains("retry:"));
      }
    }
  }

  @Test
  void aStreamEndsWithItsGrant() throws Exception {
    Path jar = PluginJar.build(directory, "shop", BOTH);
    try (var node = NodeProcess.start(List.of("--port=0", "--plugins=" + jar));
        HttpStream stream =
            new HttpStream(
                node.uri(), "/events?topic=news/x", Map.of("Cookie", "session=brief"), 0)) {
      assertTrue(read(stream, "event: closing").contains("event: connected"));
    }
  }

  @Test
  void theyAreFoundOnTheClassPathAndInDirectoriesToo() throws Exception {
    Path jar = PluginJar.build(Files.createDirectories(directory.resolve("jars")), "h", HANDLER);
    try (var onClassPath = NodeProcess.launchWith(jar, List.of("--port=0"));
        var inDirectory = NodeProcess.start(List.of("--port=0", "--plugins=" + jar.getParent()))) {
      for (NodeProcess node : List.of(onClassPath, inDirectory)) {
        assertEquals(422, publish(node.uri(), "t", "draft").status());
        assertEquals(200, publish(node.uri(), "t", "update").status());
      }
    }
  }

  /** With an authenticator it may listen where everybody reaches it. */
  @Test
  void anAuthenticatorIsEnoughBeyondLoopback() throws Exception {
    Path jar = PluginJar.build(directory, "shop", BOTH);
    List<String> everywhere = List.of("--port=0", "--host=0.0.0.0");
    try (var flagged =
            NodeProcess.start(List.of("--port=0", "--host=0.0.0.0", "--plugins=" + jar));
        var onClassPath = NodeProcess.launchWith(jar, everywhere)) {
      for (NodeProcess node : List.of(flagged, onClassPath)) {
        URI uri = URI.create("http://127.0.0.1:" + node.uri().getPort());
        assertEquals(401, http.post(uri, "/events", Map.of("data", "x"), Map.of()).status());
        assertEquals(200, publish(uri, "t", "update").status());
      }
    }
  }

  @Test
  void whatCannotBeAPluginIsOneLine() throws Exception {
    Path nothing = PluginJar.build(directory, "nothing", Map.of());
    Path wrong =
        PluginJar.build(directory, "wrong", Map.of(MessageHandler.class.getName(), "shop.Gone"));
    for (String path : List.of(nothing.toString(), wrong.toString(), directory + "/no.jar")) {
      try (var node = NodeProcess.launch(List.of("--port=0", "--plugins=" + path))) {
        assertEquals(2, node.awaitExit(SOON), node.output());
        assertEquals(1, node.output().lines().count(), node.output());
        assertTrue(node.output().startsWith("broadcast: --plugins: "), node.output());
      }
    }
    Path handler = PluginJar.build(directory, "handler", HANDLER);
    try (var open =
        NodeProcess.launch(List.of("--port=0", "--host=0.0.0.0", "--plugins=" + handler))) {
      assertEquals(2, open.awaitExit(SOON), open.output());
      assertTrue(open.output().startsWith("broadcast: --publish-key: "), open.output());
    }
  }
}
