package dev.broadcast.node.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Static keys. They are compared by their digests in constant time, all of them every time, so that
 * the time taken tells nothing.
 */
final class KeyAuthenticator implements TokenAuthenticator {
  private static final int CREDENTIAL_BYTES = 12;

  private final List<Known> known = new ArrayList<>();

  /**
   * @param keys the keys
   * @param openSubscribing whether anybody may subscribe, and so whoever has a key, too
   */
  KeyAuthenticator(Keys keys, boolean openSubscribing) {
    add(keys.subscribe(), EnumSet.of(Right.SUBSCRIBE));
    add(
        keys.publish(),
        openSubscribing ? EnumSet.of(Right.SUBSCRIBE, Right.PUBLISH) : EnumSet.of(Right.PUBLISH));
    add(keys.admin(), EnumSet.of(Right.SUBSCRIBE, Right.PUBLISH, Right.ADMINISTER));
  }

  @Override
  public @Nullable Caller caller(String token) {
    byte[] shown = digest(token);
    Caller found = null;
    for (Known candidate : known) {
      if (MessageDigest.isEqual(candidate.digest, shown)) {
        found = candidate.caller;
      }
    }
    return found;
  }

  @Override
  public boolean stillGood(String credential) {
    return known.stream().anyMatch(k -> k.caller.credential().equals(credential));
  }

  private void add(@Nullable String key, Set<Right> rights) {
    if (key != null) {
      byte[] digest = digest(key);
      known.add(new Known(digest, new Caller(name(digest), rights)));
    }
  }

  /** The credential's name, which tells nothing about it. */
  static String name(byte[] digest) {
    return HexFormat.of().formatHex(digest, 0, CREDENTIAL_BYTES);
  }

  static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  private record Known(byte[] digest, Caller caller) {}
}
