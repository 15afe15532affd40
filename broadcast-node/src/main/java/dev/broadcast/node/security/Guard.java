package dev.broadcast.node.security;

import dev.broadcast.api.access.Authenticator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request may be made. Three questions, in this order: was it meant for this node
 * (without keys only loopback names are served, against DNS rebinding), may its sender do that, and
 * did the sender mean it (a page of another site must neither publish nor administer with what its
 * visitor may do). Any thread.
 *
 * <p>What a caller without a credential may do depends on where the node listens: subscribing is
 * open unless there is a subscribe key; publishing is open on loopback unless there is a publish
 * key; administering only on loopback and only while there is no key at all, since a publish key
 * must not administer and so its absence must not either. Where tokens or what a program adds to
 * them are good, nothing is open: their topics would mean nothing if one could leave them at home.
 * With neither keys nor tokens, an {@code Authorization} header is somebody else's and ignored.
 */
public final class Guard {
  private static final String SCHEME = "bearer ";
  private static final String AUTHORIZATION = "Authorization";

  private final List<TokenAuthenticator> authenticators;
  private final PluginAuthenticators plugins;
  private final Caller anonymous;
  private final boolean loopbackNamesOnly;
  private final Origins origins;
  private final PassSecrets secrets;

  /** Made when it is needed: it brings a library along that most nodes never need. */
  private volatile @Nullable Passes passes;

  private Guard(
      List<TokenAuthenticator> authenticators,
      PluginAuthenticators plugins,
      Caller anonymous,
      boolean loopbackNamesOnly,
      Origins origins,
      PassSecrets secrets) {
    this.authenticators = List.copyOf(authenticators);
    this.plugins = plugins;
    this.anonymous = anonymous;
    this.loopbackNamesOnly = loopbackNamesOnly;
    this.origins = origins;
    this.secrets = secrets;
  }

  /**
   * The guard of a node.
   *
   * @param plugins what the program adds to keys and tokens
   * @param loopback whether the node listens on loopback only
   * @throws IllegalArgumentException naming the flag, if tokens cannot be checked like that
   */
  public static Guard of(
      Keys keys,
      JwtSettings tokens,
      List<Authenticator> plugins,
      Origins origins,
      boolean loopback,
      PassSecrets secrets) {
    List<TokenAuthenticator> authenticators = new ArrayList<>();
    boolean perTopic = tokens.used() || !plugins.isEmpty();
    boolean openSubscribing = keys.subscribe() == null && !perTopic;
    if (!keys.none()) {
      authenticators.add(new KeyAuthenticator(keys, openSubscribing));
    }
    if (tokens.used()) {
      authenticators.add(new JwtAuthenticator(tokens, System::nanoTime));
    }
    Set<Right> open = EnumSet.noneOf(Right.class);
    if (openSubscribing) {
      open.add(Right.SUBSCRIBE);
    }
    if (keys.publish() == null && !perTopic && loopback) {
      open.add(Right.PUBLISH);
    }
    boolean nobodyKnown = authenticators.isEmpty() && plugins.isEmpty();
    if (nobodyKnown && loopback) {
      open.add(Right.ADMINISTER);
    }
    return new Guard(
        authenticators,
        new PluginAuthenticators(plugins, System::nanoTime, InstantSource.system()),
        new Caller("", open),
        nobodyKnown && loopback,
        origins,
        secrets);
  }

  /** The same of static keys alone, for a node without others beside it. */
  public static Guard of(Keys keys, boolean loopback) {
    return of(
        keys,
        JwtSettings.NONE,
        List.of(),
        Origins.OWN_ONLY,
        loopback,
        () -> CompletableFuture.failedFuture(new IllegalStateException("no tickets here")));
  }

  /** What tickets are made of. */
  public Passes passes() {
    Passes made = passes;
    if (made == null) {
      synchronized (this) {
        made = passes;
        if (made == null) {
          made = new Passes(secrets, this::stillGood, InstantSource.system());
          passes = made;
        }
      }
    }
    return made;
  }

  /** The origins whose pages may read answers. */
  public Origins origins() {
    return origins;
  }

  /**
   * Returns who asks, if the request may be made.
   *
   * @param right what the request needs
   * @throws AccessDeniedException if it may not
   * @throws CredentialPendingException if that is not known yet
   */
  public Caller check(Right right, RequestHead head) {
    checkHost(head);
    if (right == Right.NONE) {
      return Caller.NOBODY;
    }
    Caller caller = identify(head, right);
    if (right == Right.PUBLISH || right == Right.ADMINISTER) {
      checkOrigin(head);
    }
    if (!caller.may(right)) {
      throw denied(right, caller);
    }
    return caller;
  }

  /** The first question alone. */
  public void checkHost(RequestHead head) {
    if (loopbackNamesOnly && head.host() != null && !LoopbackNames.isLoopback(head.host())) {
      throw new AccessDeniedException(
          403,
          "Host",
          "without keys only localhost, 127.0.0.1 and [::1] are served; set --publish-key to serve"
              + " other names");
    }
  }

  /**
   * Who comes back with the pass that a ticket left, or null if nobody does.
   *
   * @throws CredentialPendingException if that is not known yet
   */
  public @Nullable Caller returning(RequestHead head, String ticket) {
    for (String value : Cookies.values(head.cookies(), Cookies.passOf(ticket), false)) {
      try {
        return meant(head, passes().verify(value));
      } catch (InvalidCredentialException e) {
        // As if there were none.
      }
    }
    return null;
  }

  /** Whether a credential, given by its digest, is still good as far as one can tell. */
  private boolean stillGood(String credential) {
    return credential.isEmpty()
        ? anonymous.may(Right.SUBSCRIBE)
        : plugins.stillGood(credential)
            || authenticators.stream().anyMatch(a -> a.stillGood(credential));
  }

  private Caller identify(RequestHead head, Right right) {
    if (authenticators.isEmpty() && plugins.none()) {
      return anonymous;
    }
    String authorization = head.authorization();
    if (authorization != null && isBearer(authorization)) {
      return shown(authorization.substring(SCHEME.length()).strip(), head);
    }
    if (!head.cookies().isEmpty()) {
      Caller caller = ofCookie(head, right);
      if (caller != null) {
        return meant(head, caller);
      }
    }
    Caller known = plugins.caller(head);
    return known == null ? anonymous : meant(head, known);
  }

  private Caller shown(String token, RequestHead head) {
    try {
      Caller caller = find(token);
      if (caller == null) {
        caller = plugins.caller(head);
      }
      if (caller != null) {
        return caller;
      }
    } catch (InvalidCredentialException e) {
      throw AccessDeniedException.invalid(AUTHORIZATION, String.valueOf(e.getMessage()));
    }
    throw AccessDeniedException.invalid(AUTHORIZATION, "this credential is not known here");
  }

  private @Nullable Caller find(String token) {
    for (TokenAuthenticator authenticator : authenticators) {
      Caller caller = authenticator.caller(token);
      if (caller != null) {
        return caller;
      }
    }
    return null;
  }

  /** A cookie may be old, and nobody can take it back: one that is not good counts for nothing. */
  private @Nullable Caller ofCookie(RequestHead head, Right right) {
    for (String value : Cookies.values(head.cookies(), Cookies.TOKEN, false)) {
      try {
        Caller caller = find(value);
        if (caller != null) {
          return caller;
        }
      } catch (InvalidCredentialException e) {
        // See above.
      }
    }
    Caller newest = null;
    if (right == Right.SUBSCRIBE && !anonymous.may(right)) {
      for (String value : Cookies.values(head.cookies(), Cookies.PASS, true)) {
        try {
          newest = passes().verify(value);
        } catch (InvalidCredentialException e) {
          // See above.
        }
      }
    }
    return newest;
  }

  /** Browsers send cookies along with what any page asks for. */
  private Caller meant(RequestHead head, Caller caller) {
    checkOrigin(head);
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
            403, AUTHORIZATION, "this credential has not the right to do that; " + key + " has it")
        : new AccessDeniedException(
            401,
            AUTHORIZATION,
            "send 'Authorization: Bearer KEY' with the node's " + key + ", or a token");
  }

  private void checkOrigin(RequestHead head) {
    String origin = head.origin();
    if (origin != null && !origins.trusts(origin, head.host())) {
      throw new AccessDeniedException(
          403, "Origin", "a page of another origin may not do that here; see --cors-origins");
    }
    if ("cross-site".equalsIgnoreCase(head.fetchSite()) && !origins.lists(origin)) {
      throw new AccessDeniedException(
          403, "Sec-Fetch-Site", "a page of another site may not do that here; see --cors-origins");
    }
  }

  private static boolean isBearer(String authorization) {
    return authorization.length() >= SCHEME.length()
        && authorization.substring(0, SCHEME.length()).toLowerCase(Locale.ROOT).equals(SCHEME);
  }
}
