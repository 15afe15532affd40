package dev.broadcast.api.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may do. Immutable; made by {@link #to}.
 *
 * @param subject who: the same text for the same user, whatever they log in with; it tells users
 *     apart where ids and limits belong to one, and is shown nowhere
 * @param subscribe topics that may be read: names, and patterns whose last character is {@code *}
 * @param publish topics that may be published to, likewise
 * @param admin whether all else is allowed, on every topic
 * @param expires when it ends, and with it the stream it opened; null for never
 * @param id the only connection id that may be had, or null for any
 * @param kind the only kind of connection, or null for any
 */
public record Grant(
    String subject,
    List<String> subscribe,
    List<String> publish,
    boolean admin,
    @Nullable Instant expires,
    @Nullable String id,
    @Nullable String kind) {

  public Grant {
    if (subject.isEmpty()) {
      throw new IllegalArgumentException("subject: a text expected; it is empty");
    }
    subscribe = patterns("subscribe", subscribe);
    publish = patterns("publish", publish);
  }

  /** Somebody who may do nothing yet. */
  public static Grant to(String subject) {
    return new Grant(subject, List.of(), List.of(), false, null, null, null);
  }

  /** May read these topics. */
  public Grant subscribing(String... topics) {
    return new Grant(subject, List.of(topics), publish, admin, expires, id, kind);
  }

  /** May publish to these topics. */
  public Grant publishing(String... topics) {
    return new Grant(subject, subscribe, List.of(topics), admin, expires, id, kind);
  }

  /** May do all. */
  public Grant administering() {
    return new Grant(subject, subscribe, publish, true, expires, id, kind);
  }

  /** Until then. */
  public Grant until(Instant end) {
    return new Grant(subject, subscribe, publish, admin, end, id, kind);
  }

  /** Under this connection id, and of this kind; null for any. */
  public Grant as(@Nullable String ownId, @Nullable String ownKind) {
    return new Grant(subject, subscribe, publish, admin, expires, ownId, ownKind);
  }

  private static List<String> patterns(String field, List<String> patterns) {
    for (String pattern : patterns) {
      int star = pattern.indexOf('*');
      if (pattern.isEmpty() || (star >= 0 && star < pattern.length() - 1)) {
        throw new IllegalArgumentException(
            field + ": a topic, or a pattern with * as its last character, expected");
      }
    }
    return List.copyOf(patterns);
  }

  /** Without its subject. */
  @Override
  public String toString() {
    return "Grant[subscribe=" + subscribe + ", publish=" + publish + ", admin=" + admin + "]";
  }
}
