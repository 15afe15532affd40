package dev.broadcast.node.security;

import org.jspecify.annotations.Nullable;

/**
 * What tokens are checked with.
 *
 * @param key a secret's text, or a public key or certificate as PEM; null for none
 * @param jwks a URL or a file with a JSON Web Key Set; null for none
 * @param audience what {@code aud} must hold; null for anything
 * @param issuer what {@code iss} must be; null for anything
 */
public record JwtSettings(
    @Nullable String key,
    @Nullable String jwks,
    @Nullable String audience,
    @Nullable String issuer) {
  /** No tokens. */
  public static final JwtSettings NONE = new JwtSettings(null, null, null, null);

  /** Whether there are tokens at all. */
  public boolean used() {
    return key != null || jwks != null;
  }

  @Override
  public String toString() {
    return "JwtSettings[used=" + used() + "]";
  }
}
