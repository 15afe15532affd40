package dev.broadcast.front;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes tokens as a user's own server would. */
@SuppressWarnings("JavaUtilDate") // the library speaks it
final class Tokens {
  static final String SECRET = "a secret of sixty-four bytes, so that every HMAC is content: 12345";

  private Tokens() {}

  /** May subscribe and publish to these patterns; signed with {@link #SECRET}. */
  static String of(List<String> subscribe, List<String> publish) {
    return of(Map.of("subscribe", subscribe, "publish", publish), claims -> claims);
  }

  /** One that ends. */
  static String until(Date end, List<String> subscribe) {
    return of(Map.of("subscribe", subscribe), claims -> claims.expirationTime(end));
  }

  static String of(Map<String, Object> rights, UnaryOperator<JWTClaimsSet.Builder> more) {
    return sign(JWSAlgorithm.HS256, null, SECRET, more.apply(new JWTClaimsSet.Builder()), rights);
  }

  /** One of any algorithm. */
  static String sign(
      JWSAlgorithm algorithm,
      String kid,
      Object key,
      JWTClaimsSet.Builder claims,
      Map<String, Object> rights) {
    JWSHeader header = new JWSHeader.Builder(algorithm).keyID(kid).build();
    JWTClaimsSet set = claims.claim("broadcast", rights).build();
    try {
      if (algorithm.equals(JWSAlgorithm.EdDSA)) {
        return ed25519(header, set, (PrivateKey) key);
      }
      JWSSigner signer =
          key instanceof String secret
              ? new MACSigner(secret)
              : key instanceof ECPrivateKey ec
                  ? new ECDSASigner(ec)
                  : new RSASSASigner((PrivateKey) key);
      SignedJWT token = new SignedJWT(header, set);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One whose head and body are signed by nobody. */
  static String forged(String head, String body, String signature) {
    return encoded(head) + "." + encoded(body) + "." + signature;
  }

  static String pem(Key key) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  static KeyPair keys(String kind, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      if (size > 0) {
        generator.initialize(size);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String ed25519(JWSHeader header, JWTClaimsSet set, PrivateKey key) {
    try {
      String signed = header.toBase64URL() + "." + Base64URL.encode(set.toPayload().toBytes());
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return Base64URL.encode(text).toString();
  }
}
