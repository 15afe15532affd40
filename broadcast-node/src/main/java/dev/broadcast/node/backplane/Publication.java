package dev.broadcast.node.backplane;

import org.jspecify.annotations.Nullable;

/**
 * One message on its way into the backplane.
 *
 * @param topic its topic
 * @param payload the encoded message, kept and carried as it is; must not be changed afterwards
 * @param idempotency who asked for it to be stored once, or null
 * @param receipt a receipt opened with {@link Roster#openReceipt}, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Publication(
    String topic, byte[] payload, @Nullable Idempotency idempotency, @Nullable String receipt) {

  /**
   * A key under which the same content is stored once.
   *
   * @param key digest of credential, topic, key and item
   * @param content digest of what is to be stored
   */
  public record Idempotency(String key, String content) {}
}
