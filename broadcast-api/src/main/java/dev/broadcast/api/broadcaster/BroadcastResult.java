package dev.broadcast.api.broadcaster;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of a message: published, or dropped by a handler. */
public sealed interface BroadcastResult {
  /**
   * It is stored and on its way.
   *
   * @param id its id, the same as on the stream
   * @param topic where it went
   * @param timestamp when it was stored, on the backplane's clock
   * @param repeated whether it had been stored before, under the same idempotency key
   * @param receipt if one was asked for, else null
   */
  record Published(
      String id, String topic, Instant timestamp, boolean repeated, @Nullable Receipt receipt)
      implements BroadcastResult {}

  /**
   * A handler dropped it: nothing was stored, nobody saw it.
   *
   * @param reason the handler's
   */
  record Dropped(String reason) implements BroadcastResult {}

  /** Its id, unless it was dropped. */
  default Optional<String> messageId() {
    return this instanceof Published published ? Optional.of(published.id()) : Optional.empty();
  }

  /** On how many connections it was put; 0 if it was dropped or no receipt was asked for. */
  default int connections() {
    return this instanceof Published published && published.receipt() != null
        ? published.receipt().connections()
        : 0;
  }
}
