package dev.broadcast.node.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.EdECPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens (RFC 7519). Signature, {@code exp}, {@code nbf}, {@code aud} and {@code iss} are
 * checked by the library, without leeway; which keys may check which algorithm is {@link JwtKey}'s.
 */
final class JwtAuthenticator implements TokenAuthenticator {
  private static final String CREDENTIAL = "jwt-";

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final List<JwtKeySource> sources = new ArrayList<>();

  /**
   * @throws IllegalArgumentException naming the flag, if a key cannot be used
   */
  JwtAuthenticator(JwtSettings settings, LongSupplier nanoTime) {
    String text = settings.key();
    if (text != null) {
      JwtKey key = named("--jwt-key", () -> JwtKey.of(text));
      sources.add(header -> JwtKeySource.matching(List.of(key), header));
    }
    String jwks = settings.jwks();
    if (jwks != null) {
      sources.add(named("--jwt-jwks", () -> JwkSet.at(jwks, nanoTime)));
    }
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWSKeySelector((header, context) -> keys(header));
    processor.setJWSVerifierFactory(new Verifiers());
    JWTClaimsSet.Builder exactly = new JWTClaimsSet.Builder();
    if (settings.issuer() != null) {
      exactly.issuer(settings.issuer());
    }
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            settings.audience() == null ? null : Set.of(settings.audience()),
            exactly.build(),
            Set.of(),
            Set.of());
    claims.setMaxClockSkew(0);
    processor.setJWTClaimsSetVerifier(claims);
  }

  @Override
  public @Nullable Caller caller(String token) {
    if (!CompactJws.looksLike(token)) {
      return null;
    }
    if (!CompactJws.isCanonical(token)) {
      throw new InvalidCredentialException("the token's signature is no base64url");
    }
    try {
      JWTClaimsSet claims = processor.process(token, null);
      return JwtClaims.caller(claims, credential(claims, token));
    } catch (ParseException e) {
      throw new InvalidCredentialException("the token is none as RFC 7519 describes it");
    } catch (BadJOSEException | JOSEException e) {
      throw new InvalidCredentialException("the token is not good: " + e.getMessage());
    } catch (InvalidCredentialException
        | CredentialPendingException
        | CredentialsUnavailableException e) {
      throw e;
    } catch (RuntimeException e) {
      // What the library does not expect of a token, either: a null where an object belongs, say.
      throw new InvalidCredentialException("the token cannot be read");
    }
  }

  @Override
  public boolean stillGood(String credential) {
    return credential.startsWith(CREDENTIAL);
  }

  /** Whose token it is: the same after it was renewed, if it names its subject. */
  private static String credential(JWTClaimsSet claims, String token) {
    String whose =
        claims.getSubject() == null ? token : claims.getIssuer() + "\n" + claims.getSubject();
    return CREDENTIAL + KeyAuthenticator.name(KeyAuthenticator.digest(whose));
  }

  private List<Key> keys(JWSHeader header) {
    List<Key> keys = new ArrayList<>();
    for (JwtKeySource source : sources) {
      try {
        source.candidates(header).forEach(candidate -> keys.add(candidate.key()));
      } catch (CredentialPendingException | CredentialsUnavailableException e) {
        if (keys.isEmpty()) {
          throw e;
        }
      }
    }
    return keys;
  }

  private static <T> T named(String flag, Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(flag + ": " + e.getMessage(), e);
    }
  }

  /** The library's, and the JDK's Ed25519. */
  private static final class Verifiers extends DefaultJWSVerifierFactory {
    @Override
    public JWSVerifier createJWSVerifier(JWSHeader header, Key key) throws JOSEException {
      return key instanceof EdECPublicKey && key instanceof PublicKey ed25519
          ? new Ed25519Verifier(ed25519)
          : super.createJWSVerifier(header, key);
    }
  }
}
