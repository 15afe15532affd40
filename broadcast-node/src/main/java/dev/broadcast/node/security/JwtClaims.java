package dev.broadcast.node.security;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token says about its bearer, in the claim {@code broadcast}:
 *
 * <pre>
 * {"broadcast": {"subscribe": ["orders/*"], "publish": ["*"], "admin": true, "id": "…", "kind": "…"}}
 * </pre>
 */
@SuppressWarnings("JavaUtilDate") // the library speaks it
final class JwtClaims {
  private static final String CLAIM = "broadcast";
  private static final String SUBSCRIBE = "subscribe";
  private static final String PUBLISH = "publish";
  private static final String ADMIN = "admin";
  private static final String ID = "id";
  private static final String KIND = "kind";
  private static final Set<String> KNOWN = Set.of(SUBSCRIBE, PUBLISH, ADMIN, ID, KIND);
  private static final int LONGEST_NAME = 255;

  private JwtClaims() {}

  /**
   * Reads the claim of a token that was found good otherwise; a token without it has no rights.
   *
   * @param credential names the token's bearer
   */
  static Caller caller(JWTClaimsSet claims, String credential) {
    long expires =
        claims.getExpirationTime() == null ? Caller.NEVER : claims.getExpirationTime().getTime();
    Map<String, Object> rights = claim(claims);
    if (!KNOWN.containsAll(rights.keySet())) {
      throw wrong("knows subscribe, publish, admin, id and kind only");
    }
    String id = name(rights, ID);
    String kind = name(rights, KIND);
    Object admin = rights.getOrDefault(ADMIN, false);
    if (!(admin instanceof Boolean)) {
      throw wrong("admin: true or false expected");
    }
    if (admin.equals(true)) {
      return new Caller(
          credential,
          EnumSet.of(Right.SUBSCRIBE, Right.PUBLISH, Right.ADMINISTER),
          TopicPatterns.ALL,
          TopicPatterns.ALL,
          expires,
          id,
          kind);
    }
    TopicPatterns subscribe = topics(rights, SUBSCRIBE);
    TopicPatterns publish = topics(rights, PUBLISH);
    Set<Right> granted = EnumSet.noneOf(Right.class);
    if (!subscribe.isEmpty()) {
      granted.add(Right.SUBSCRIBE);
    }
    if (!publish.isEmpty()) {
      granted.add(Right.PUBLISH);
    }
    return new Caller(credential, granted, subscribe, publish, expires, id, kind);
  }

  /** The claim that {@link #caller} reads, for one who may subscribe. */
  static void put(
      JWTClaimsSet.Builder claims,
      TopicPatterns subscribe,
      @Nullable String id,
      @Nullable String kind) {
    Map<String, Object> rights = new LinkedHashMap<>();
    rights.put(SUBSCRIBE, subscribe.toList());
    if (id != null) {
      rights.put(ID, id);
    }
    if (kind != null) {
      rights.put(KIND, kind);
    }
    claims.claim(CLAIM, rights);
  }

  private static Map<String, Object> claim(JWTClaimsSet claims) {
    try {
      Map<String, Object> claim = claims.getJSONObjectClaim(CLAIM);
      return claim == null ? Map.of() : claim;
    } catch (ParseException e) {
      throw wrong("a JSON object expected");
    }
  }

  private static TopicPatterns topics(Map<String, Object> rights, String name) {
    Object value = rights.get(name);
    if (value == null) {
      return TopicPatterns.NONE;
    }
    List<String> patterns = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (!(element instanceof String pattern)) {
          throw wrong(name + ": topics as text expected");
        }
        patterns.add(pattern);
      }
    } else {
      throw wrong(name + ": a list of topics expected");
    }
    try {
      return TopicPatterns.of(patterns);
    } catch (IllegalArgumentException e) {
      throw wrong(name + ": " + e.getMessage());
    }
  }

  private static @Nullable String name(Map<String, Object> rights, String field) {
    Object value = rights.get(field);
    if (value == null) {
      return null;
    }
    if (value instanceof String name && !name.isEmpty() && name.length() <= LONGEST_NAME) {
      return name;
    }
    throw wrong(field + ": text of 1 to " + LONGEST_NAME + " characters expected");
  }

  private static InvalidCredentialException wrong(String detail) {
    return new InvalidCredentialException("the token's claim broadcast: " + detail);
  }
}
