package dev.broadcast.node.security;

import com.nimbusds.jose.util.Base64URL;

/**
 * The look of a signed token: three parts of base64url with points between (RFC 7515, 7.1). Asked
 * before the library, which skips over characters that are none, so that one token would have many
 * faces.
 */
final class CompactJws {
  private static final int LONGEST = 8 << 10;

  private CompactJws() {}

  /** Whether it may be one: three parts, nothing else in them. */
  static boolean looksLike(String text) {
    int points = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        points++;
      } else if (!isBase64Url(c)) {
        return false;
      }
    }
    return points == 2 && text.length() <= LONGEST && text.charAt(0) != '.';
  }

  /** Whether its signature is written in the one way that there is to write it. */
  static boolean isCanonical(String text) {
    String signature = text.substring(text.lastIndexOf('.') + 1);
    return Base64URL.encode(new Base64URL(signature).decode()).toString().equals(signature);
  }

  private static boolean isBase64Url(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }
}
