package dev.broadcast.api.broadcaster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a message is published. Immutable.
 *
 * @param idempotencyKey under which it is stored once, 1 to 255 visible ASCII characters, or null
 * @param receipt how long to wait for the nodes' reports, more than 0 and at most 10 s, or null for
 *     no receipt, which costs nothing
 */
public record PublishOptions(@Nullable String idempotencyKey, @Nullable Duration receipt) {
  /** No key, no receipt. */
  public static final PublishOptions NONE = new PublishOptions(null, null);

  private static final Duration LONGEST_RECEIPT = Duration.ofSeconds(10);

  public PublishOptions {
    if (idempotencyKey != null && !isKey(idempotencyKey)) {
      throw new IllegalArgumentException(
          "idempotencyKey: 1 to 255 characters of visible ASCII without spaces expected");
    }
    if (receipt != null
        && (receipt.isZero() || receipt.isNegative() || receipt.compareTo(LONGEST_RECEIPT) > 0)) {
      throw new IllegalArgumentException("receipt: more than 0 and at most 10 s expected");
    }
  }

  /** Stored once under this key. */
  public PublishOptions once(String key) {
    return new PublishOptions(key, receipt);
  }

  /** With a receipt that waits so long. */
  public PublishOptions withReceipt(Duration within) {
    return new PublishOptions(idempotencyKey, within);
  }

  private static boolean isKey(String key) {
    return !key.isEmpty() && key.length() <= 255 && key.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
