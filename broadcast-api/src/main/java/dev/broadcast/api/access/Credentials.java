package dev.broadcast.api.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request shows of its sender. Immutable.
 *
 * @param authorization the {@code Authorization} header as it came, or null
 * @param cookies by name; of several with one name the first
 */
public record Credentials(@Nullable String authorization, Map<String, String> cookies) {
  private static final String BEARER = "bearer ";

  public Credentials {
    cookies = Map.copyOf(cookies);
  }

  /**
   * Reads headers.
   *
   * @param authorization the {@code Authorization} header, or null
   * @param cookieHeaders the {@code Cookie} headers (RFC 6265, 5.4)
   */
  public static Credentials of(@Nullable String authorization, Iterable<String> cookieHeaders) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String header : cookieHeaders) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          String value = pair.substring(equals + 1).strip();
          boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
          cookies.putIfAbsent(
              pair.substring(0, equals).strip(),
              quoted ? value.substring(1, value.length() - 1) : value);
        }
      }
    }
    return new Credentials(authorization, cookies);
  }

  /** What stands behind {@code Bearer} in the {@code Authorization} header. */
  public Optional<String> bearer() {
    return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(authorization.substring(BEARER.length()).strip())
        : Optional.empty();
  }

  /** A cookie's value. */
  public Optional<String> cookie(String name) {
    return Optional.ofNullable(cookies.get(name));
  }

  /** Says nothing: it is all secret. */
  @Override
  public String toString() {
    return "Credentials[]";
  }
}
