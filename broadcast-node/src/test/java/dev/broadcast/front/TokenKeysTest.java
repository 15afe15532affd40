package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.sun.net.httpserver.HttpServer;
import dev.broadcast.node.ops.InvalidSettingException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which keys check which tokens. */
class TokenKeysTest {
  private static final Map<String, Object> RIGHTS = Map.of("subscribe", List.of("*"));

  private static int status(FrontNode node, String token) {
    return node.call("GET", "/status", "", "Authorization", "Bearer " + token).status();
  }

  private static String token(String algorithm, String kid, Object key) {
    return Tokens.sign(JWSAlgorithm.parse(algorithm), kid, key, new JWTClaimsSet.Builder(), RIGHTS);
  }

  @Test
  void aSecretChecksAllThreeHmacs() {
    try (FrontNode node = FrontNode.start(List.of("--jwt-key=" + Tokens.SECRET))) {
      for (String algorithm : List.of("HS256", "HS384", "HS512")) {
        assertEquals(200, status(node, token(algorithm, null, Tokens.SECRET)), algorithm);
      }
    }
  }

  @Test
  void aPublicKeyChecksWhatItsOwnerSignedAndNeverCountsAsASecret(@TempDir Path directory)
      throws Exception {
    record Kind(String keys, int size, List<String> algorithms) {}
    for (Kind kind :
        List.of(
            new Kind("RSA", 2048, List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
            new Kind("EC", 256, List.of("ES256")),
            new Kind("EC", 384, List.of("ES384")),
            new Kind("EC", 521, List.of("ES512")),
            new Kind("Ed25519", 0, List.of("EdDSA")))) {
      KeyPair pair = Tokens.keys(kind.keys(), kind.size());
      KeyPair other = Tokens.keys(kind.keys(), kind.size());
      String pem = Tokens.pem(pair.getPublic());
      Path file = Files.writeString(directory.resolve("key.pem"), pem);
      try (FrontNode node = FrontNode.start(List.of("--jwt-key=@" + file))) {
        for (String algorithm : kind.algorithms()) {
          assertEquals(200, status(node, token(algorithm, null, pair.getPrivate())), algorithm);
          assertEquals(401, status(node, token(algorithm, null, other.getPrivate())), algorithm);
        }
        for (String secret :
            List.of(pem, pem.strip(), Base64URL.encode(pair.getPublic().getEncoded()).toString())) {
          assertEquals(401, status(node, token("HS256", null, secret)), "key confusion");
        }
      }
    }
  }

  @Test
  void aKeyThatCannotBeIsNamedBeforeAnythingStarts(@TempDir Path directory) throws Exception {
    Path privateKey =
        Files.writeString(
            directory.resolve("private.pem"),
            "-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n");
    Path weak =
        Files.writeString(
            directory.resolve("weak.pem"), Tokens.pem(Tokens.keys("RSA", 1024).getPublic()));
    Path noSet = Files.writeString(directory.resolve("set.json"), "{\"keys\": 1}");
    for (String flag :
        List.of(
            "--jwt-key=too short",
            "--jwt-key=@" + privateKey,
            "--jwt-key=@" + weak,
            "--jwt-key=-----BEGIN PUBLIC KEY-----\n?",
            "--jwt-jwks=" + noSet,
            "--jwt-jwks=/no/such/file",
            "--cors-origins=*",
            "--cors-origins=https://a.example/path")) {
      var wrong =
          assertThrows(InvalidSettingException.class, () -> FrontNode.start(List.of(flag)), flag);
      assertEquals(flag.substring(0, flag.indexOf('=')), wrong.flag());
      assertTrue(!String.valueOf(wrong.getMessage()).contains("too short,"), wrong.getMessage());
    }
  }

  @Test
  void aKeySetIsFetchedAndFetchedAgainWhenATokenNamesAnUnknownKey() throws Exception {
    KeyPair rsa = Tokens.keys("RSA", 2048);
    KeyPair ec = Tokens.keys("EC", 256);
    KeyPair ed = Tokens.keys("Ed25519", 0);
    byte[] spki = ed.getPublic().getEncoded();
    JWK rsaKey = new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID("r").build();
    JWK ecKey = new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.getPublic()).keyID("e").build();
    JWK edKey =
        new OctetKeyPair.Builder(
                Curve.Ed25519,
                Base64URL.encode(Arrays.copyOfRange(spki, spki.length - 32, spki.length)))
            .keyID("d")
            .build();
    JWK secret =
        new OctetSequenceKey.Builder(Tokens.SECRET.getBytes(StandardCharsets.UTF_8))
            .keyID("s")
            .build();
    AtomicReference<String> set =
        new AtomicReference<>(new JWKSet(List.of(rsaKey, secret)).toString(false));
    AtomicInteger fetches = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          byte[] body = set.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
    try (FrontNode node = FrontNode.start(List.of("--jwt-jwks=" + url))) {
      assertEquals(200, status(node, token("RS256", "r", rsa.getPrivate())));
      assertEquals(200, status(node, token("PS256", null, rsa.getPrivate())));
      assertEquals(401, status(node, token("HS256", "s", Tokens.SECRET)));
      set.set(new JWKSet(List.of(ecKey, edKey)).toString());
      // Not fetched twice within 10 s, whoever makes up tokens.
      for (int i = 0; i < 20; i++) {
        assertEquals(401, status(node, token("ES256", "made up " + i, ec.getPrivate())));
      }
      assertTrue(fetches.get() <= 2, "fetched " + fetches);
    } finally {
      server.stop(0);
    }
    // A node that starts with the new set; the same keys from a file.
    Path file = Files.createTempFile("broadcast", ".json");
    Files.writeString(file, set.get());
    try (FrontNode node = FrontNode.start(List.of("--jwt-jwks=" + file))) {
      assertEquals(200, status(node, token("ES256", "e", ec.getPrivate())));
      assertEquals(200, status(node, token("EdDSA", "d", ed.getPrivate())));
      assertEquals(401, status(node, token("RS256", "r", rsa.getPrivate())));
      assertEquals(401, status(node, token("EdDSA", "e", ed.getPrivate())));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aStreamAndAPublishThatComeWhileKeysAreFetchedWaitForThem() throws Exception {
    KeyPair rsa = Tokens.keys("RSA", 2048);
    String set = new JWKSet(new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).build()).toString();
    CountDownLatch asked = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = set.getBytes(StandardCharsets.UTF_8);
          try {
            assertTrue(asked.await(10, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
    String token =
        Tokens.sign(
            JWSAlgorithm.RS256,
            null,
            rsa.getPrivate(),
            new JWTClaimsSet.Builder(),
            Map.of("subscribe", List.of("*"), "publish", List.of("*")));
    try (FrontNode node = FrontNode.start(List.of("--jwt-jwks=" + url))) {
      CompletableFuture<Integer> published =
          CompletableFuture.supplyAsync(() -> node.publishAs(token, "t", "x".repeat(100_000)));
      CompletableFuture<OpenStream> opened =
          CompletableFuture.supplyAsync(
              () -> node.listenWith("topic=t", "Authorization", "Bearer " + token));
      Await.until("requests under way", () -> node.get("/health/live").status() == 200);
      asked.countDown();
      assertEquals(200, published.get(10, TimeUnit.SECONDS));
      try (OpenStream stream = opened.get(10, TimeUnit.SECONDS).awaitConnected()) {
        assertEquals(200, node.publishAs(token, "t", "last"));
        stream.await("last", s -> s.data().contains("last"));
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whileNoKeysCouldBeFetchedTheAnswerIsAPassingOne() {
    try (FrontNode node = FrontNode.start(List.of("--jwt-jwks=http://127.0.0.1:1/jwks"))) {
      var answer =
          node.call(
              "GET",
              "/status",
              "",
              "Authorization",
              "Bearer " + Tokens.of(List.of("*"), List.of()));
      assertEquals(503, answer.status(), answer.text());
      assertTrue(!answer.header("Retry-After").isEmpty());
    }
  }
}
