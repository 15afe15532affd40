package dev.broadcast.node.security;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may be made. Three questions, in this order: was it meant for this node
 * (without keys only loopback names are served, against DNS rebinding), may its sender do that, and
 * did the sender mean it (a page of another site must neither publish nor administer with what its
 * visitor may do). Stateless, any thread.
 */
public final class Guard {
  private static final String LOCALHOST = "localhost";
  private static final int LONGEST_PORT = 5;

  private final Authenticator authenticator;
  private final boolean loopbackNamesOnly;

  /**
   * @param authenticator whom credentials belong to
   * @param loopbackNamesOnly whether other names than loopback's are refused as {@code Host}
   */
  public Guard(Authenticator authenticator, boolean loopbackNamesOnly) {
    this.authenticator = authenticator;
    this.loopbackNamesOnly = loopbackNamesOnly;
  }

  /** The guard of a node with static keys. */
  public static Guard of(Keys keys, boolean loopback) {
    return new Guard(new KeyAuthenticator(keys, loopback), keys.none() && loopback);
  }

  /**
   * Returns who asks, if the request may be made.
   *
   * @param right what the request needs
   * @throws AccessDeniedException if it may not
   */
  public Caller check(Right right, RequestHead head) {
    if (loopbackNamesOnly && head.host() != null && !isLoopback(head.host())) {
      throw new AccessDeniedException(
          403,
          "Host",
          "without keys only localhost, 127.0.0.1 and [::1] are served; set --publish-key to serve"
              + " other names");
    }
    Caller caller =
        right == Right.NONE ? Caller.NOBODY : authenticator.caller(head.authorization());
    if (right == Right.PUBLISH || right == Right.ADMINISTER) {
      checkOrigin(head);
    }
    if (!caller.may(right)) {
      throw denied(right, caller);
    }
    return caller;
  }

  private static AccessDeniedException denied(Right right, Caller caller) {
    String key =
        switch (right) {
          case PUBLISH -> "--publish-key";
          case ADMINISTER -> "--admin-key";
          default -> "--subscribe-key";
        };
    return caller.known()
        ? new AccessDeniedException(
            403, "Authorization", "this key has not the right to do that; " + key + " has it")
        : new AccessDeniedException(
            401, "Authorization", "send 'Authorization: Bearer KEY' with the node's " + key);
  }

  private static void checkOrigin(RequestHead head) {
    if (head.origin() != null && !sameHost(head.origin(), head.host())) {
      throw new AccessDeniedException(
          403, "Origin", "a page of another origin may neither publish nor administer here");
    }
    if ("cross-site".equalsIgnoreCase(head.fetchSite())) {
      throw new AccessDeniedException(
          403, "Sec-Fetch-Site", "a page of another site may neither publish nor administer here");
    }
  }

  /** Whether an origin is the host that the request was sent to. A proxy may have ended TLS. */
  private static boolean sameHost(String origin, @Nullable String host) {
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      if (host == null || uri.getHost() == null || scheme == null) {
        return false;
      }
      boolean standard =
          uri.getPort() < 0 || uri.getPort() == (scheme.equalsIgnoreCase("https") ? 443 : 80);
      String authority = standard ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
      return authority.equalsIgnoreCase(host.replaceFirst(standard ? ":(80|443)$" : "$", ""));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** localhost and what ends with .localhost, 127.0.0.0/8, [::1]; perhaps with a port. */
  static boolean isLoopback(String host) {
    String name = withoutPort(host);
    int end = name.endsWith(".") ? name.length() - 1 : name.length();
    int start = end - LOCALHOST.length();
    if (start >= 0 && name.regionMatches(true, start, LOCALHOST, 0, LOCALHOST.length())) {
      return start == 0 || (start > 1 && name.charAt(start - 1) == '.');
    }
    return name.equals("[::1]") || isLoopbackAddress(name);
  }

  private static String withoutPort(String host) {
    int digits = 0;
    while (digits < host.length() && isDigit(host.charAt(host.length() - 1 - digits))) {
      digits++;
    }
    int colon = host.length() - 1 - digits;
    boolean port = digits > 0 && digits <= LONGEST_PORT && colon >= 0 && host.charAt(colon) == ':';
    return port ? host.substring(0, colon) : host;
  }

  /** 127 and three times a dot with one to three digits. */
  private static boolean isLoopbackAddress(String name) {
    if (!name.startsWith("127.")) {
      return false;
    }
    int dots = 0;
    int digits = 0;
    for (int i = 3; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.' && (dots == 0 || digits > 0)) {
        dots++;
        digits = 0;
      } else if (isDigit(c) && digits < 3) {
        digits++;
      } else {
        return false;
      }
    }
    return dots == 3 && digits > 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
