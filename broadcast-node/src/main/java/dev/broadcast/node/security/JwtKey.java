package dev.broadcast.node.security;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key with the algorithms that it is good for, and no others: a public key is never taken for a
 * secret, whatever a token's head says.
 *
 * @param key secret or public
 * @param algorithms what a token that it signed may name
 * @param id its {@code kid}, or null
 */
record JwtKey(Key key, Set<JWSAlgorithm> algorithms, @Nullable String id) {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final int SHORTEST_SECRET = 32;
  private static final int SHORTEST_RSA = 2048;

  /**
   * Reads a secret's text or a PEM.
   *
   * @throws IllegalArgumentException if it is too short a secret, or no key that can be used
   */
  static JwtKey of(String text) {
    if (!text.contains("-----BEGIN ")) {
      byte[] secret = text.getBytes(StandardCharsets.UTF_8);
      if (secret.length < SHORTEST_SECRET) {
        throw new IllegalArgumentException(
            "a secret of at least 32 bytes (RFC 7518, 3.2), or a public key as PEM, expected");
      }
      return new JwtKey(new SecretKeySpec(secret, "HMAC"), secrets(secret.length), null);
    }
    Matcher pem = PEM.matcher(text);
    if (!pem.find()) {
      throw new IllegalArgumentException("this PEM is broken");
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
    return switch (pem.group(1)) {
      case "PUBLIC KEY" -> of(publicKey(der), null);
      case "CERTIFICATE" -> of(ofCertificate(der), null);
      default ->
          throw new IllegalArgumentException(
              "a PEM with PUBLIC KEY or CERTIFICATE expected, not "
                  + pem.group(1)
                  + (pem.group(1).endsWith("PRIVATE KEY") ? ": it stays with who signs" : ""));
    };
  }

  /**
   * A public key with what it may be used for.
   *
   * @throws IllegalArgumentException if it is too weak or of another kind
   */
  static JwtKey of(PublicKey key, @Nullable String id) {
    if (key instanceof RSAPublicKey rsa) {
      if (rsa.getModulus().bitLength() < SHORTEST_RSA) {
        throw new IllegalArgumentException("an RSA key of at least 2048 bits expected");
      }
      return new JwtKey(
          key,
          Set.of(
              JWSAlgorithm.RS256,
              JWSAlgorithm.RS384,
              JWSAlgorithm.RS512,
              JWSAlgorithm.PS256,
              JWSAlgorithm.PS384,
              JWSAlgorithm.PS512),
          id);
    }
    if (key instanceof ECPublicKey ec) {
      Curve curve = Curve.forECParameterSpec(ec.getParams());
      if (Curve.P_256.equals(curve)) {
        return new JwtKey(key, Set.of(JWSAlgorithm.ES256), id);
      } else if (Curve.P_384.equals(curve)) {
        return new JwtKey(key, Set.of(JWSAlgorithm.ES384), id);
      } else if (Curve.P_521.equals(curve)) {
        return new JwtKey(key, Set.of(JWSAlgorithm.ES512), id);
      }
    } else if (key instanceof EdECPublicKey ed
        && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
      return new JwtKey(key, Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519), id);
    }
    throw new IllegalArgumentException("a key of RSA, P-256, P-384, P-521 or Ed25519 expected");
  }

  private static Set<JWSAlgorithm> secrets(int length) {
    Set<JWSAlgorithm> algorithms = new HashSet<>(Set.of(JWSAlgorithm.HS256));
    if (length >= 48) {
      algorithms.add(JWSAlgorithm.HS384);
    }
    if (length >= 64) {
      algorithms.add(JWSAlgorithm.HS512);
    }
    return Set.copyOf(algorithms);
  }

  private static PublicKey publicKey(byte[] der) {
    for (String kind : List.of("RSA", "EC", "Ed25519")) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        // Another kind, perhaps.
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java 17 has " + kind, e);
      }
    }
    throw new IllegalArgumentException("a public key of RSA, EC or Ed25519 expected in the PEM");
  }

  private static PublicKey ofCertificate(byte[] der) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(der))
          .getPublicKey();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the PEM's certificate cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "JwtKey[" + algorithms + "]";
  }
}
