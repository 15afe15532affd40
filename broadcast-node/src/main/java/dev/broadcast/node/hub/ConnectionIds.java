package dev.broadcast.node.hub;

import java.security.SecureRandom;

/** Makes what is unique about the id of a connection that was given none. Any thread. */
final class ConnectionIds {
  /** Five bits a character. */
  private static final String ALPHABET = "0123456789abcdfghjklmnpqrstvwxyz";

  /** 80 bits: never made twice in a cluster, nor guessed by who wants to take a stream over. */
  private static final int LENGTH = 16;

  /** Ids a read of the random source: one read an id costs more than all else about it. */
  private static final int IDS_A_READ = 64;

  private final SecureRandom source = new SecureRandom();
  private final byte[] random = new byte[LENGTH * IDS_A_READ];
  private int used = random.length;

  synchronized String newSuffix() {
    if (used == random.length) {
      source.nextBytes(random);
      used = 0;
    }
    StringBuilder suffix = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      suffix.append(ALPHABET.charAt(random[used++] & 31));
    }
    return suffix.toString();
  }
}
