package dev.broadcast.node.security;

import com.nimbusds.jose.JWSHeader;
import java.util.List;

/** Where the keys are that tokens are checked with. Any thread; must not block. */
interface JwtKeySource {
  /**
   * The keys that may have signed a token with such a head; empty if there are none.
   *
   * @throws CredentialPendingException if that may change in a moment
   * @throws CredentialsUnavailableException if no keys could be had yet
   */
  List<JwtKey> candidates(JWSHeader header);

  /** Of those keys the ones that fit: by algorithm, and by {@code kid} where both name one. */
  static List<JwtKey> matching(List<JwtKey> keys, JWSHeader header) {
    return keys.stream()
        .filter(key -> key.algorithms().contains(header.getAlgorithm()))
        .filter(
            key ->
                header.getKeyID() == null || key.id() == null || key.id().equals(header.getKeyID()))
        .toList();
  }
}
