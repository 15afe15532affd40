package dev.broadcast.node.security;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever sends a request, as far as its credential tells.
 *
 * @param credential a digest of the credential, never the credential itself; empty for none
 * @param rights what the caller may do
 * @param subscribe the topics it may read, given the right to
 * @param publish the topics it may publish to, given the right to
 * @param expires when the credential ends, in milliseconds since 1970; {@link #NEVER} if it does
 *     not
 * @param id the only connection id it may have, or null for any
 * @param kind the only kind of connection it may have, or null for any
 */
public record Caller(
    String credential,
    Set<Right> rights,
    TopicPatterns subscribe,
    TopicPatterns publish,
    long expires,
    @Nullable String id,
    @Nullable String kind) {
  /** For a credential that does not end. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Who was not asked, and may do what anybody may. */
  static final Caller NOBODY = new Caller("", Set.of());

  public Caller {
    rights = Set.copyOf(rights);
  }

  /** One whose rights are for all topics and do not end. */
  public Caller(String credential, Set<Right> rights) {
    this(credential, rights, TopicPatterns.ALL, TopicPatterns.ALL, NEVER, null, null);
  }

  /** Somebody who may do anything: for asking whether a request is right otherwise. */
  public static Caller anybody() {
    return new Caller("", EnumSet.allOf(Right.class));
  }

  /** Whether the caller showed a credential. */
  public boolean known() {
    return !credential.isEmpty();
  }

  /** Whether the caller has that right, for some topic at least. */
  public boolean may(Right right) {
    return right == Right.NONE || rights.contains(right);
  }

  /** Whether the caller may read that topic. */
  public boolean maySubscribe(String topic) {
    return subscribe.allows(topic) && rights.contains(Right.SUBSCRIBE);
  }

  /** Whether the caller may publish to that topic. */
  public boolean mayPublish(String topic) {
    return publish.allows(topic) && rights.contains(Right.PUBLISH);
  }
}
