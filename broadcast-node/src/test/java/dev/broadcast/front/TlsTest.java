package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.ops.InvalidSettingException;
import dev.broadcast.testing.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS: what it speaks, which certificate it shows, and that a new one needs no restart. */
class TlsTest {
  @TempDir Path directory;

  private static FrontNode start(Certificates.Files files, String... flags) {
    return FrontNode.start(
        Stream.concat(
                Stream.of("--tls-cert=" + files.chain(), "--tls-key=" + files.key()),
                Stream.of(flags))
            .toList());
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder()
        .sslContext(Certificates.trustingAll())
        .version(version)
        .connectTimeout(Duration.ofSeconds(5))
        .build();
  }

  private static HttpRequest.Builder request(FrontNode node, String target) {
    URI uri = URI.create("https://localhost:" + node.uri().getPort() + target);
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
  }

  private static String subject(FrontNode node, String... protocols) {
    try (SSLSocket socket =
        (SSLSocket)
            Certificates.trustingAll()
                .getSocketFactory()
                .createSocket("localhost", node.uri().getPort())) {
      if (protocols.length > 0) {
        socket.setEnabledProtocols(protocols);
      }
      socket.startHandshake();
      return socket.getSession().getPeerPrincipal().getName();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void speaksHttp2AndHttp1OverTls12And13Only() throws Exception {
    try (FrontNode node = start(Certificates.make(directory, "first"))) {
      assertTrue(node.uri().toString().startsWith("https://"), node.uri().toString());
      for (HttpClient.Version version : HttpClient.Version.values()) {
        HttpClient client = client(version);
        HttpResponse<InputStream> stream =
            client.send(
                request(node, "/events?topic=t").header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(version, stream.version());
        assertEquals(200, stream.statusCode());
        HttpResponse<String> published =
            client.send(
                request(node, "/events")
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"topic\":\"t\",\"data\":\"over TLS\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, published.statusCode(), published.body());
        try (InputStream body = stream.body()) {
          StringBuilder seen = new StringBuilder();
          while (seen.indexOf("data: over TLS\n\n") < 0) {
            byte[] bytes = new byte[1000];
            int count = body.read(bytes);
            assertTrue(count > 0, seen.toString());
            seen.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
          }
        }
      }
      assertEquals("CN=first", subject(node, "TLSv1.2"));
      assertEquals("CN=first", subject(node, "TLSv1.3"));
    }
  }

  @Test
  void aNewCertificateIsServedWithoutARestartAndABadOneIsNot() throws Exception {
    Certificates.Files served = Certificates.make(directory, "first");
    Certificates.Files second = Certificates.make(directory, "second");
    try (FrontNode node = start(served)) {
      assertEquals("CN=first", subject(node));
      // Given half of a renewal
      Files.copy(second.chain(), served.chain(), StandardCopyOption.REPLACE_EXISTING);
      long end = System.nanoTime() + Duration.ofMillis(4_500).toNanos();
      Await.until(
          "two looks",
          () -> {
            assertEquals("CN=first", subject(node));
            return System.nanoTime() - end > 0;
          });
      Files.copy(second.key(), served.key(), StandardCopyOption.REPLACE_EXISTING);
      Await.until("the new one", () -> subject(node).equals("CN=second"));
    }
  }

  @Test
  void filesThatCannotBeAreNamedBeforeAnythingStarts() throws Exception {
    Certificates.Files one = Certificates.make(directory, "one");
    Certificates.Files two = Certificates.make(directory, "two");
    Path nonsense = Files.writeString(directory.resolve("nonsense"), "nonsense");
    assertEquals("--tls-key", wrong(one.chain(), two.key()));
    assertEquals("--tls-cert", wrong(nonsense, one.key()));
    assertNotEquals("", wrong(one.chain(), nonsense));
    assertEquals("--tls-key", wrong(one.chain(), directory.resolve("missing")));
    assertEquals("--tls-cert", wrong(directory.resolve("missing"), one.key()));
  }

  private static String wrong(Path chain, Path key) {
    return assertThrows(
            InvalidSettingException.class,
            () -> FrontNode.start(List.of("--tls-cert=" + chain, "--tls-key=" + key)))
        .flag();
  }

  @Test
  void whoDoesNotFinishTheHandshakeOrSendsNoRequestIsClosed() throws Exception {
    try (FrontNode node = start(Certificates.make(directory, "slow"), "--head-timeout=1s")) {
      int port = node.uri().getPort();
      for (String sent : List.of("", "\u0016\u0003\u0001", "GET / HTTP/1.1\r\n\r\n")) {
        try (var socket = new Socket("localhost", port)) {
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
          assertTrue(socket.getInputStream().readAllBytes().length < 100, "ended");
        } catch (SocketException reset) {
          // An end as well.
        }
      }
      try (var socket =
          Certificates.trustingAll().getSocketFactory().createSocket("localhost", port)) {
        socket.setSoTimeout(20_000);
        ((SSLSocket) socket).startHandshake();
        assertTrue(socket.getInputStream().readAllBytes().length < 1000, "ended");
      } catch (SSLException endedRoughly) {
        // An end as well.
      }
    }
  }
}
