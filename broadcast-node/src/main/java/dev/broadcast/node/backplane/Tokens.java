package dev.broadcast.node.backplane;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * Makes the names of epochs, generations and incarnations. Random and not counted: a state that
 * went back in time would count to the same name a second time.
 */
final class Tokens {
  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private final RandomGenerator random = new SecureRandom();

  /** 256 bits as 43 characters of base64url. */
  static String secret() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** 41 bits. */
  String epoch() {
    return token(8);
  }

  /** 31 bits, among the few dozen generations of one epoch. */
  String generation() {
    return token(6);
  }

  /** 51 bits. */
  String incarnation() {
    return token(10);
  }

  private String token(int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return text.toString();
  }
}
