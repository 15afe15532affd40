package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Names;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody listens to, within one's own process or through the Java client. Immutable; made by
 * {@link #to}.
 *
 * @param topics at least one
 * @param types only these types ({@code message} is the unnamed one); empty: all
 * @param targets only messages about one of these, or about nothing; empty: all
 * @param until types after which the stream ends; empty: none
 * @param id the connection id, or null for a made one
 * @param kind the connection's kind, or null for the usual one
 * @param metadata of the connection
 * @param start where it begins
 * @param throttle at most so often the latest of each topic, or null for everything
 */
public record SubscribeOptions(
    List<String> topics,
    List<String> types,
    List<String> targets,
    List<String> until,
    @Nullable String id,
    @Nullable String kind,
    Map<String, String> metadata,
    Start start,
    @Nullable Duration throttle) {

  /** Where a stream begins. */
  public sealed interface Start {
    /** With what is published from now on. */
    record Now() implements Start {}

    /**
     * With the last messages of each topic.
     *
     * @param count 1 or more
     */
    record Last(int count) implements Start {
      public Last {
        if (count < 1) {
          throw new IllegalArgumentException("count: at least 1 expected, not " + count);
        }
      }
    }

    /**
     * After a cursor.
     *
     * @param cursor a message's id, or what an event's {@code cursor} said; {@code earliest} is the
     *     oldest message that is kept
     */
    record After(String cursor) implements Start {}
  }

  public SubscribeOptions {
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("topics: at least one expected");
    }
    topics.forEach(topic -> Names.topic("topics", topic));
    types.forEach(type -> Names.name("types", type));
    targets.forEach(target -> Names.name("targets", target));
    until.forEach(type -> Names.name("until", type));
    if (id != null) {
      Names.name("id", id);
    }
    if (kind != null) {
      Names.name("kind", kind);
    }
    if (throttle != null && (throttle.isZero() || throttle.isNegative())) {
      throw new IllegalArgumentException("throttle: more than 0 expected");
    }
    topics = List.copyOf(topics);
    types = List.copyOf(types);
    targets = List.copyOf(targets);
    until = List.copyOf(until);
    metadata = Map.copyOf(metadata);
  }

  /** Everything on these topics from now on; without any, on {@value Names#DEFAULT_TOPIC}. */
  public static SubscribeOptions to(String... topics) {
    return new SubscribeOptions(
        topics.length == 0 ? List.of(Names.DEFAULT_TOPIC) : List.of(topics),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        Map.of(),
        new Start.Now(),
        null);
  }

  /** Only these types. */
  public SubscribeOptions types(String... wanted) {
    return with(List.of(wanted), targets, until, id, kind, metadata, start, throttle);
  }

  /** Only what is about one of these, or about nothing. */
  public SubscribeOptions targets(String... wanted) {
    return with(types, List.of(wanted), until, id, kind, metadata, start, throttle);
  }

  /** Ends after a message of one of these types. */
  public SubscribeOptions until(String... last) {
    return with(types, targets, List.of(last), id, kind, metadata, start, throttle);
  }

  /** Under this connection id. */
  public SubscribeOptions id(String own) {
    return with(types, targets, until, own, kind, metadata, start, throttle);
  }

  /** As a connection of this kind. */
  public SubscribeOptions kind(String own) {
    return with(types, targets, until, id, own, metadata, start, throttle);
  }

  /** With this metadata. */
  public SubscribeOptions metadata(Map<String, String> own) {
    return with(types, targets, until, id, kind, own, start, throttle);
  }

  /** After this cursor. */
  public SubscribeOptions after(String cursor) {
    return from(new Start.After(cursor));
  }

  /** With the last messages of each topic. */
  public SubscribeOptions last(int count) {
    return from(new Start.Last(count));
  }

  /** From there. */
  public SubscribeOptions from(Start place) {
    return with(types, targets, until, id, kind, metadata, place, throttle);
  }

  /** At most so often the latest of each topic. */
  public SubscribeOptions throttle(Duration interval) {
    return with(types, targets, until, id, kind, metadata, start, interval);
  }

  private SubscribeOptions with(
      List<String> types,
      List<String> targets,
      List<String> until,
      @Nullable String id,
      @Nullable String kind,
      Map<String, String> metadata,
      Start start,
      @Nullable Duration throttle) {
    return new SubscribeOptions(topics, types, targets, until, id, kind, metadata, start, throttle);
  }
}
