package dev.broadcast.node.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a ticket stands for, and what its buyer's browser comes back with afterwards: who bought it,
 * for which topics, until when. A pass in a cookie is signed with a secret that the nodes share, so
 * that every node can check one, also while the backplane is away. Any thread.
 */
@SuppressWarnings("JavaUtilDate") // the library speaks it
public final class Passes {
  /** How long a pass lasts whose buyer's token never ends; a static key's end is asked for. */
  static final Duration LONGEST = Duration.ofHours(24);

  private static final JOSEObjectType TYPE = new JOSEObjectType("broadcast-pass");
  private static final String BUYER = "buyer";
  private static final int SECRETS_KEPT = 4;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final PassSecrets secrets;
  private final Predicate<String> stillGood;
  private final InstantSource clock;
  private final Map<String, byte[]> known = new LinkedHashMap<>();
  private @Nullable String current;
  private long askedAt;

  /**
   * @param stillGood whether what bought a pass, given by its digest, is still good
   */
  Passes(PassSecrets secrets, Predicate<String> stillGood, InstantSource clock) {
    this.secrets = secrets;
    this.stillGood = stillGood;
    this.clock = clock;
  }

  /** What a buyer may hand on, as text for the backplane. */
  public static String write(Caller buyer, TopicPatterns topics) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().claim(BUYER, buyer.credential());
    if (buyer.expires() != Caller.NEVER) {
      claims.expirationTime(new Date(buyer.expires()));
    }
    JwtClaims.put(claims, topics, buyer.id(), buyer.kind());
    return claims.build().toString();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws InvalidCredentialException if nobody may come with it any more
   */
  public Caller read(String text) {
    try {
      return caller(JWTClaimsSet.parse(text));
    } catch (ParseException | NullPointerException e) { // The library's answer to a JSON null.
      throw new InvalidCredentialException("the ticket cannot be read");
    }
  }

  /** Whether passes can be signed now; completes when they can, fails if they cannot. */
  public CompletableFuture<Void> ready() {
    return secrets.secret().thenAccept(this::learn);
  }

  /** A pass to come back with to these topics; call it when {@link #ready}. */
  public synchronized String sign(Caller buyer, TopicPatterns topics) {
    String id = current;
    byte[] secret = id == null ? null : known.get(id);
    if (secret == null) {
      throw new CredentialsUnavailableException("there is no secret yet to sign passes with");
    }
    long now = clock.millis();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder().claim(BUYER, buyer.credential()).issueTime(new Date(now));
    boolean token = buyer.known() && buyer.credential().startsWith("jwt-");
    if (buyer.expires() != Caller.NEVER) {
      claims.expirationTime(new Date(buyer.expires()));
    } else if (token) {
      claims.expirationTime(new Date(now + LONGEST.toMillis()));
    }
    JwtClaims.put(claims, topics, buyer.id(), buyer.kind());
    try {
      SignedJWT pass =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).type(TYPE).keyID(id).build(),
              claims.build());
      pass.sign(new MACSigner(secret));
      return pass.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("a secret of 32 bytes signs", e);
    }
  }

  /**
   * Who comes back with a pass.
   *
   * @throws InvalidCredentialException if it is none, or has ended
   * @throws CredentialPendingException if it may be another node's
   */
  public Caller verify(String pass) {
    if (!CompactJws.looksLike(pass) || !CompactJws.isCanonical(pass)) {
      throw new InvalidCredentialException("no pass");
    }
    try {
      SignedJWT signed = SignedJWT.parse(pass);
      JWSHeader header = signed.getHeader();
      if (!TYPE.equals(header.getType()) || !JWSAlgorithm.HS256.equals(header.getAlgorithm())) {
        throw new InvalidCredentialException("no pass");
      }
      byte[] secret = secret(header.getKeyID());
      if (secret == null || !signed.verify(new MACVerifier(secret))) {
        throw new InvalidCredentialException("no pass of this cluster");
      }
      return caller(signed.getJWTClaimsSet());
    } catch (InvalidCredentialException
        | CredentialPendingException
        | CredentialsUnavailableException e) {
      throw e;
    } catch (ParseException | JOSEException | RuntimeException e) {
      throw new InvalidCredentialException("no pass");
    }
  }

  private Caller caller(JWTClaimsSet claims) throws ParseException {
    Caller buyer = JwtClaims.caller(claims, String.valueOf(claims.getStringClaim(BUYER)));
    if (buyer.expires() <= clock.millis() || !stillGood.test(buyer.credential())) {
      throw new InvalidCredentialException("what bought this has ended");
    }
    return buyer;
  }

  private synchronized byte @Nullable [] secret(@Nullable String id) {
    byte[] secret = known.get(id);
    if (secret == null && clock.millis() - askedAt >= PAUSE.toMillis()) {
      askedAt = clock.millis();
      throw new CredentialPendingException(ready());
    }
    if (known.isEmpty()) {
      throw new CredentialsUnavailableException("what passes are checked with cannot be had now");
    }
    return secret;
  }

  private synchronized void learn(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.US_ASCII);
    current = KeyAuthenticator.name(KeyAuthenticator.digest(secret));
    known.put(current, bytes);
    if (known.size() > SECRETS_KEPT) {
      known.keySet().remove(known.keySet().iterator().next());
    }
  }
}
