package dev.broadcast.node.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a set of keys follows its source. */
class JwkSetTest {
  private static String set(String kid) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    return new JWKSet(new RSAKey.Builder((RSAPublicKey) pair.getPublic()).keyID(kid).build())
        .toString();
  }

  private static JWSHeader header(String kid) {
    return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
  }

  @Test
  void anUnknownKeyIsLookedForAfterAPauseAndFoundOnceItIsThere(@TempDir Path directory)
      throws Exception {
    AtomicLong now = new AtomicLong();
    Path file = Files.writeString(directory.resolve("set"), set("old"));
    JwkSet keys = JwkSet.at(file.toString(), now::get);
    assertEquals(1, keys.candidates(header("old")).size());
    Files.writeString(file, set("new"));
    // Within the pause nothing is looked for
    assertEquals(List.of(), keys.candidates(header("new")));
    now.addAndGet(JwkSet.PAUSE.toNanos());
    var pending =
        assertThrows(CredentialPendingException.class, () -> keys.candidates(header("new")));
    pending.until().get(10, TimeUnit.SECONDS);
    assertEquals(1, keys.candidates(header("new")).size());
    assertEquals(List.of(), keys.candidates(header("old")));
    // A set that cannot be read any more leaves the last keys as they are.
    Files.writeString(file, "nonsense");
    now.addAndGet(JwkSet.PAUSE.toNanos());
    assertThrows(CredentialPendingException.class, () -> keys.candidates(header("other")))
        .until()
        .get(10, TimeUnit.SECONDS);
    assertEquals(1, keys.candidates(header("new")).size());
  }

  /** Sends a part, and then a byte now and then, for as long as the other side listens. */
  private static void drip(ServerSocket server, String part) {
    try (Socket client = server.accept()) {
      client.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
      while (!server.isClosed()) {
        client.getOutputStream().write('a');
        LockSupport.parkNanos(50_000_000);
      }
    } catch (IOException e) {
      // It listens no more.
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n["})
  void aServerThatDripsKeepsNobodyWaitingForLong(String part) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> dripping = CompletableFuture.runAsync(() -> drip(server, part));
      JwkSet keys = JwkSet.at("http://127.0.0.1:" + server.getLocalPort() + "/", System::nanoTime);

      var pending =
          assertThrows(CredentialPendingException.class, () -> keys.candidates(header("any")));
      pending.until().get(2 * KeySetFetch.LIMIT.toSeconds() + 4, TimeUnit.SECONDS);

      assertThrows(CredentialsUnavailableException.class, () -> keys.candidates(header("any")));
      // The connection is given up, too.
      dripping.get(10, TimeUnit.SECONDS);
    }
  }
}
