package dev.broadcast.node.hub;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Makes what is unique about the id of a connection that was given none. */
final class ConnectionIds {
  /** 78 bits: never made twice in a cluster, nor guessed by who wants to take a stream over. */
  private static final int BITS = 78;

  private static final SecureRandom RANDOM = new SecureRandom();

  private ConnectionIds() {}

  static String newSuffix() {
    return new BigInteger(BITS, RANDOM).toString(Character.MAX_RADIX);
  }
}
