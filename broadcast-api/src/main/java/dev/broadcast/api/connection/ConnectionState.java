package dev.broadcast.api.connection;

import dev.broadcast.api.InvalidMessageException;
import java.util.Locale;

/**
 * Where a connection stands in its life. {@code connecting}, {@code connected} and {@code
 * reconnecting} are active. Legal ways:
 *
 * <pre>
 * connecting   ─▶ connected | reconnecting | disconnected | error
 * reconnecting ─▶ connected | disconnected | error
 * connected    ─▶ disconnected | error
 * error        ─▶ disconnected
 * </pre>
 *
 * A client that comes back is a new stream, even under its old id: nothing leads out of {@code
 * disconnected}.
 */
public sealed interface ConnectionState {
  /** Admitted; nothing was sent yet. */
  record Connecting() implements ConnectionState {}

  /** At the head: what is published goes to it at once. */
  record Connected() implements ConnectionState {}

  /** It came with a cursor and still walks through history towards the head. */
  record Reconnecting() implements ConnectionState {}

  /**
   * It ended as streams do.
   *
   * @param reason as in {@code closing} and metrics: {@code gone}, {@code closed}, {@code
   *     draining}, {@code until}, …
   */
  record Disconnected(String reason) implements ConnectionState {}

  /**
   * It ended because it could not be served.
   *
   * <p>Its name is {@code error}.
   *
   * @param reason {@code write-timeout}, {@code behind}, …
   */
  record Failed(String reason) implements ConnectionState {}

  /** Its name in JSON: the record's name in lower case, {@code error} for {@link Failed}. */
  default String wire() {
    return this instanceof Failed ? "error" : getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Whether messages still reach it. */
  default boolean active() {
    return !(this instanceof Disconnected) && !(this instanceof Failed);
  }

  /** Whether {@code next} may follow. */
  default boolean mayBecome(ConnectionState next) {
    if (this instanceof Connecting) {
      return !(next instanceof Connecting);
    }
    if (active()) {
      return !next.active() || (this instanceof Reconnecting && next instanceof Connected);
    }
    return this instanceof Failed && next instanceof Disconnected;
  }

  /**
   * The next state.
   *
   * @throws IllegalStateException if it must not follow this one
   */
  default ConnectionState become(ConnectionState next) {
    if (!mayBecome(next)) {
      throw new IllegalStateException(
          "state: a connection that is " + wire() + " cannot become " + next.wire());
    }
    return next;
  }

  /**
   * The state of this name, with an unknown reason where it has one.
   *
   * @throws InvalidMessageException if there is none
   */
  static ConnectionState parse(String wire) {
    return switch (wire) {
      case "connecting" -> new Connecting();
      case "connected" -> new Connected();
      case "reconnecting" -> new Reconnecting();
      case "disconnected" -> new Disconnected("unknown");
      case "error" -> new Failed("unknown");
      default ->
          throw new InvalidMessageException(
              "state",
              "connecting, connected, reconnecting, disconnected or error expected, not " + wire);
    };
  }
}
