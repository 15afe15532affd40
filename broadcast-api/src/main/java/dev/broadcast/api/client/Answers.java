package dev.broadcast.api.client;

import java.net.http.HttpHeaders;
import java.time.Duration;

/** What statuses and headers say about trying again. */
final class Answers {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private Answers() {}

  /** Whether the same request may succeed later. */
  static boolean passing(int status) {
    return switch (status) {
      case 408, 425, 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  /** How long to wait at least; zero if the answer does not say. A date is not understood. */
  static Duration retryAfter(HttpHeaders headers) {
    String value = headers.firstValue("Retry-After").orElse("").strip();
    if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(Character::isDigit)) {
      return Duration.ZERO;
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(value));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
