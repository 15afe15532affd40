package dev.broadcast.node.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The origins whose pages may use this node with what their visitor may do, beside the node's own.
 *
 * @param listed as browsers write them: {@code https://app.example}, {@code http://localhost:3000}
 */
public record Origins(Set<String> listed) {
  /** None beside the node's own. */
  public static final Origins OWN_ONLY = new Origins(Set.of());

  public Origins {
    listed = Set.copyOf(listed);
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException if one is no origin
   */
  public static Origins of(List<String> origins) {
    Set<String> listed = new LinkedHashSet<>();
    for (String origin : origins) {
      listed.add(normal(origin));
    }
    return new Origins(listed);
  }

  /** Whether it is listed. */
  public boolean lists(@Nullable String origin) {
    return origin != null && !listed.isEmpty() && listed.contains(origin.toLowerCase(Locale.ROOT));
  }

  /**
   * Whether a page of this origin may do what changes something.
   *
   * @param origin the {@code Origin} header, or null
   * @param host what the request was sent to
   */
  boolean trusts(String origin, @Nullable String host) {
    return lists(origin) || sameHost(origin, host);
  }

  /** Whether an origin is the host that the request was sent to. A proxy may have ended TLS. */
  private static boolean sameHost(String origin, @Nullable String host) {
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      if (host == null
          || uri.getHost() == null
          || !("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))) {
        return false; // An app's own pages, too, may have an origin such as app://localhost.
      }
      boolean standard =
          uri.getPort() < 0 || uri.getPort() == ("https".equalsIgnoreCase(scheme) ? 443 : 80);
      String authority = standard ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
      return authority.equalsIgnoreCase(host.replaceFirst(standard ? ":(80|443)$" : "$", ""));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String normal(String origin) {
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean known = scheme.equals("https") || scheme.equals("http");
      boolean bare =
          uri.getRawPath() != null
              && uri.getRawPath().isEmpty()
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.getRawUserInfo() == null;
      if (known && bare && uri.getHost() != null) {
        boolean standard =
            uri.getPort() < 0 || uri.getPort() == (scheme.equals("https") ? 443 : 80);
        return scheme
            + "://"
            + uri.getHost().toLowerCase(Locale.ROOT)
            + (standard ? "" : ":" + uri.getPort());
      }
    } catch (URISyntaxException e) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        "origins as https://HOST[:PORT], separated by commas, expected; * is none");
  }
}
