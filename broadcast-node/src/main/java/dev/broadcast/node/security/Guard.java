package dev.broadcast.node.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may be made. Three questions, in this order: was it meant for this node
 * (without keys only loopback names are served, against DNS rebinding), may its sender do that, and
 * did the sender mean it (a page of another site must neither publish nor administer with what its
 * visitor may do). Stateless, any thread.
 */
public final class Guard {
  private static final Pattern LOOPBACK =
      Pattern.compile("(.+\\.)?localhost\\.?|127(\\.[0-9]{1,3}){3}|\\[::1]");

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
        right == Right.NONE ? new Caller("", Set.of()) : authenticator.caller(head.authorization());
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

  private static boolean isLoopback(String host) {
    String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    return LOOPBACK.matcher(name).matches();
  }
}
