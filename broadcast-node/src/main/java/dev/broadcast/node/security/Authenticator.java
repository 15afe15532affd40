package dev.broadcast.node.security;

import org.jspecify.annotations.Nullable;

/** Says whom a credential belongs to. Any thread; must not block. */
public interface Authenticator {
  /**
   * Who shows this credential.
   *
   * @param authorization the value of the {@code Authorization} header, or null if there is none
   * @throws AccessDeniedException with status 401 if it is a credential of the expected kind that
   *     belongs to nobody
   */
  Caller caller(@Nullable String authorization);
}
