package dev.broadcast.node.security;

import java.util.Set;

/**
 * Whoever sends a request, as far as its credential tells.
 *
 * @param credential a digest of the credential, never the credential itself; empty for none
 * @param rights what the caller may do
 */
public record Caller(String credential, Set<Right> rights) {
  /** Who was not asked, and may do what anybody may. */
  static final Caller NOBODY = new Caller("", Set.of());

  public Caller {
    rights = Set.copyOf(rights);
  }

  /** Whether the caller showed a credential. */
  public boolean known() {
    return !credential.isEmpty();
  }

  /** Whether the caller has that right. */
  public boolean may(Right right) {
    return right == Right.NONE || rights.contains(right);
  }
}
