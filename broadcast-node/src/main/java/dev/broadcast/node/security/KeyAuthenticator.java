package dev.broadcast.node.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Static keys as {@code Authorization: Bearer KEY} (RFC 6750). Keys are compared by their digests
 * in constant time, all of them every time, so that the time taken tells nothing.
 *
 * <p>What a caller without a credential may do depends on where the node listens: subscribing is
 * open unless there is a subscribe key; publishing is open on loopback unless there is a publish
 * key; administering only on loopback and only while there is no key at all, since a publish key
 * must not administer and so its absence must not either. With no keys at all, an {@code
 * Authorization} header is somebody else's and ignored.
 */
public final class KeyAuthenticator implements Authenticator {
  private static final String SCHEME = "bearer ";

  private final List<Known> known = new ArrayList<>();
  private final Caller anonymous;

  /**
   * @param keys the keys
   * @param loopback whether the node listens on loopback only
   */
  public KeyAuthenticator(Keys keys, boolean loopback) {
    add(keys.subscribe(), EnumSet.of(Right.SUBSCRIBE));
    add(keys.publish(), EnumSet.of(Right.PUBLISH));
    add(keys.admin(), EnumSet.of(Right.SUBSCRIBE, Right.PUBLISH, Right.ADMINISTER));
    Set<Right> open = EnumSet.noneOf(Right.class);
    if (keys.subscribe() == null) {
      open.add(Right.SUBSCRIBE);
      known.forEach(k -> k.rights.add(Right.SUBSCRIBE));
    }
    if (keys.publish() == null && loopback) {
      open.add(Right.PUBLISH);
    }
    if (keys.none() && loopback) {
      open.add(Right.ADMINISTER);
    }
    anonymous = new Caller("", open);
  }

  @Override
  public Caller caller(@Nullable String authorization) {
    if (authorization == null || known.isEmpty() || !isBearer(authorization)) {
      return anonymous;
    }
    byte[] shown = digest(authorization.substring(SCHEME.length()).strip());
    Known found = null;
    for (Known candidate : known) {
      if (MessageDigest.isEqual(candidate.digest, shown)) {
        found = candidate;
      }
    }
    if (found == null) {
      throw new AccessDeniedException(401, "Authorization", "this key is not known here");
    }
    return new Caller(found.credential, found.rights);
  }

  private void add(@Nullable String key, EnumSet<Right> rights) {
    if (key != null) {
      byte[] digest = digest(key);
      known.add(new Known(digest, HexFormat.of().formatHex(digest, 0, 12), rights));
    }
  }

  private static boolean isBearer(String authorization) {
    return authorization.length() >= SCHEME.length()
        && authorization.substring(0, SCHEME.length()).toLowerCase(Locale.ROOT).equals(SCHEME);
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  private record Known(byte[] digest, String credential, EnumSet<Right> rights) {}
}
