package dev.broadcast.node.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The suffix of a made connection id, bound to the key or token that the connection came with. Ids
 * are seen by others (whoever is told who is there), and a cursor with an id's suffix takes the
 * connection over: so it must be the same credential's, and any other one leads to another id.
 */
final class OwnedSuffix {
  private static final String ALPHABET = "0123456789abcdfghjklmnpqrstvwxyz";

  /** Of five bits each: who guesses does so with credentials that others have to give him. */
  private static final int CHECK = 8;

  private static final int MADE = 16;

  private OwnedSuffix() {}

  /**
   * A suffix of that credential.
   *
   * @param made unique
   * @param credential its digest; for none the suffix is as it was made
   */
  static String of(String made, String credential) {
    return credential.isEmpty() ? made : made + check(made, credential);
  }

  /** Whether a suffix was made for that credential. */
  static boolean belongs(String suffix, String credential) {
    if (credential.isEmpty()) {
      return suffix.length() <= MADE;
    }
    int end = suffix.length() - CHECK;
    return end > 0 && suffix.substring(end).equals(check(suffix.substring(0, end), credential));
  }

  private static String check(String made, String credential) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((made + '\n' + credential).getBytes(StandardCharsets.UTF_8));
      StringBuilder check = new StringBuilder(CHECK);
      for (int i = 0; i < CHECK; i++) {
        check.append(ALPHABET.charAt(digest[i] & 31));
      }
      return check.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
