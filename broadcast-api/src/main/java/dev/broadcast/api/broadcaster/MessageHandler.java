package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Message;
import java.util.concurrent.CompletionStage;

/**
 * Sees every message before it is published on this node, one handler after another. It answers
 * when it likes, within the broadcaster's time limit; it must not block the calling thread. Found
 * by {@link java.util.ServiceLoader}, or added to the broadcaster.
 */
@FunctionalInterface
public interface MessageHandler {
  /**
   * What becomes of a message.
   *
   * @param message as the handler before left it
   * @return a decision, at once or later
   */
  CompletionStage<Decision> handle(Message message);

  /**
   * Whether nothing may be published without it. A required handler that fails or is late drops the
   * message; of another one the failure is reported and the message goes on as it was.
   */
  default boolean required() {
    return false;
  }

  /** What it is called in reports. */
  default String name() {
    return getClass().getName();
  }

  /** What a handler makes of a message. */
  sealed interface Decision {
    /** It goes on as it is. */
    record Same() implements Decision {}

    /**
     * It goes on like this.
     *
     * @param message may be for another topic
     */
    record Changed(Message message) implements Decision {}

    /**
     * It goes nowhere.
     *
     * @param reason told to the publisher
     */
    record Dropped(String reason) implements Decision {}

    /** It goes on as it is. */
    static Decision same() {
      return new Same();
    }

    /** It goes on like this. */
    static Decision changed(Message message) {
      return new Changed(message);
    }

    /** It goes nowhere. */
    static Decision dropped(String reason) {
      return new Dropped(reason);
    }
  }
}
