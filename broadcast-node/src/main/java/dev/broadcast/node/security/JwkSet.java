package dev.broadcast.node.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a JSON Web Key Set (RFC 7517), which may change: fetched again every {@link #FRESH},
 * and sooner when a token names one that is not there, but never twice within {@link #PAUSE}, since
 * anybody can make up such tokens. While it cannot be fetched, the last keys stay. Secrets in a set
 * are not used: whoever could read it could sign.
 */
final class JwkSet implements JwtKeySource {
  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(JwkSet.class);

  /** What precedes the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, 10.1). */
  private static final byte[] ED25519_HEAD = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private final String place;
  private final LongSupplier nanoTime;
  private volatile @Nullable List<JwtKey> keys;
  private @Nullable CompletableFuture<Void> fetching;
  private long fetchedAt;

  /** Knows nothing yet. */
  private JwkSet(String place, LongSupplier nanoTime) {
    this.place = place;
    this.nanoTime = nanoTime;
  }

  /**
   * A set that is read now if it is a file, and when it is needed if it is a URL.
   *
   * @throws IllegalArgumentException if the file, or the URL as such, is wrong
   */
  static JwkSet at(String place, LongSupplier nanoTime) {
    JwkSet set = new JwkSet(place, nanoTime);
    if (!isUrl(place)) {
      try {
        set.keys = set.load();
      } catch (IOException | RuntimeException e) {
        throw new IllegalArgumentException("the file " + place + " holds no JSON Web Key Set", e);
      }
      set.fetchedAt = nanoTime.getAsLong();
    } else {
      if (URI.create(place).getHost() == null) {
        throw new IllegalArgumentException("this URL names no host");
      }
      var unused = set.fetch();
    }
    return set;
  }

  @Override
  public List<JwtKey> candidates(JWSHeader header) {
    List<JwtKey> now = keys;
    if (now == null) {
      throw pendingOr(new CredentialsUnavailableException("the keys of tokens cannot be fetched"));
    }
    List<JwtKey> matching = JwtKeySource.matching(now, header);
    if (matching.isEmpty()) {
      CompletableFuture<Void> fetch = fetchIfDue(PAUSE);
      if (fetch != null) {
        throw new CredentialPendingException(fetch);
      }
    } else {
      var unused = fetchIfDue(FRESH);
    }
    return matching;
  }

  private RuntimeException pendingOr(RuntimeException otherwise) {
    CompletableFuture<Void> fetch = fetchIfDue(PAUSE);
    return fetch == null ? otherwise : new CredentialPendingException(fetch);
  }

  /** The fetch that is under way or due, or null if it is too early for another one. */
  private synchronized @Nullable CompletableFuture<Void> fetchIfDue(Duration after) {
    if (fetching != null && !fetching.isDone()) {
      return fetching;
    }
    return nanoTime.getAsLong() - fetchedAt >= after.toNanos() ? fetch() : null;
  }

  private synchronized CompletableFuture<Void> fetch() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    fetching = done;
    fetchedAt = nanoTime.getAsLong();
    Thread thread =
        new Thread(
            () -> {
              try {
                keys = load();
              } catch (IOException | RuntimeException e) {
                LOG.warn("event=jwks_not_fetched place={} reason={}", shown(), e.getMessage());
              } finally {
                done.complete(null);
              }
            },
            "broadcast-jwks");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private List<JwtKey> load() throws IOException {
    String text =
        isUrl(place)
            ? KeySetFetch.get(URI.create(place))
            : Files.readString(Path.of(place), StandardCharsets.UTF_8);
    try {
      List<JwtKey> read = new ArrayList<>();
      for (JWK jwk : JWKSet.parse(text).getKeys()) {
        JwtKey key = key(jwk);
        if (key != null) {
          read.add(key);
        }
      }
      return List.copyOf(read);
    } catch (ParseException e) {
      throw new IOException("no JSON Web Key Set", e);
    }
  }

  /** The key, or null if it is not one to check signatures with. */
  private static @Nullable JwtKey key(JWK jwk) {
    if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
      return null;
    }
    try {
      PublicKey publicKey;
      if (jwk instanceof OctetKeyPair pair) {
        publicKey = ed25519(pair);
      } else if (jwk instanceof AsymmetricJWK asymmetric) {
        publicKey = asymmetric.toPublicKey();
      } else {
        return null;
      }
      JwtKey key = JwtKey.of(publicKey, jwk.getKeyID());
      return jwk.getAlgorithm() == null ? key : only(key, jwk.getAlgorithm().getName());
    } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
      LOG.warn("event=jwk_not_used kid={} reason={}", jwk.getKeyID(), e.getMessage());
      return null;
    }
  }

  private static JwtKey only(JwtKey key, String algorithm) {
    JWSAlgorithm named = JWSAlgorithm.parse(algorithm);
    return new JwtKey(
        key.key(),
        key.algorithms().contains(named)
            ? (named.equals(JWSAlgorithm.EdDSA) ? key.algorithms() : Set.of(named))
            : Set.of(),
        key.id());
  }

  private static PublicKey ed25519(OctetKeyPair pair) throws GeneralSecurityException {
    byte[] x = pair.getDecodedX();
    if (!Curve.Ed25519.equals(pair.getCurve()) || x.length != 32) {
      throw new IllegalArgumentException("of the octet key pairs only Ed25519 signs here");
    }
    byte[] der = new byte[ED25519_HEAD.length + x.length];
    System.arraycopy(ED25519_HEAD, 0, der, 0, ED25519_HEAD.length);
    System.arraycopy(x, 0, der, ED25519_HEAD.length, x.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
  }

  /** Without what may be a secret. */
  private String shown() {
    return place.replaceFirst("//[^/@]*@", "//").replaceFirst("[?#].*", "");
  }

  private static boolean isUrl(String place) {
    return place.startsWith("https://") || place.startsWith("http://");
  }
}
