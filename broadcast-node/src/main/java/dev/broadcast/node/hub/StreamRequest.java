package dev.broadcast.node.hub;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Names;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for with {@code GET /events}.
 *
 * @param topics at least one, each once
 * @param types only these types, empty for all; {@code message} is the unnamed one
 * @param targets only messages that name one of these targets, or none; empty for all
 * @param kind the connection's kind
 * @param id the connection id that the client gave, or null to have one made
 * @param metadata of the connection
 * @param format what {@code data} holds
 * @param start where the stream starts
 * @param credential digest of what the client authenticated with; empty for none
 * @param address where the client is, one text for all that count as one; empty if unknown
 * @param extras what most streams do without
 */
public record StreamRequest(
    List<String> topics,
    Set<String> types,
    Set<String> targets,
    String kind,
    @Nullable String id,
    Map<String, String> metadata,
    Format format,
    Start start,
    String credential,
    String address,
    Extras extras) {

  /** The kind of a connection that names none. */
  public static final String DEFAULT_KIND = "global";

  public StreamRequest {
    if (topics.isEmpty()) {
      throw new InvalidMessageException("topic", "at least one topic expected");
    }
    for (String topic : topics) {
      Names.topic("topic", topic);
    }
    topics = List.copyOf(topics.size() == 1 ? topics : new LinkedHashSet<>(topics));
    for (String type : types) {
      Names.name("type", type);
    }
    types = Set.copyOf(types);
    for (String target : targets) {
      Names.name("target", target);
    }
    targets = Set.copyOf(targets);
    Names.name("kind", kind);
    if (id != null) {
      Names.name("id", id);
    }
    metadata = Map.copyOf(metadata);
  }

  /** A stream without extras. */
  public StreamRequest(
      List<String> topics,
      Set<String> types,
      Set<String> targets,
      String kind,
      @Nullable String id,
      Map<String, String> metadata,
      Format format,
      Start start,
      String credential,
      String address) {
    this(
        topics,
        types,
        targets,
        kind,
        id,
        metadata,
        format,
        start,
        credential,
        address,
        Extras.NONE);
  }

  /** The same, not saying where the client is. */
  StreamRequest withoutAddress() {
    return address.isEmpty()
        ? this
        : new StreamRequest(
            topics, types, targets, kind, id, metadata, format, start, credential, "", extras);
  }

  /**
   * What most streams do without.
   *
   * @param until types after which the stream ends, empty for none; {@code message} is the unnamed
   *     one
   * @param throttle the shortest time between two sends, of which each has the latest message of
   *     every topic; zero for all messages at once
   * @param heartbeatEvents whether a heartbeat is an event rather than a comment
   * @param presence whether it is told who joins and leaves its topics
   */
  public record Extras(
      Set<String> until, Duration throttle, boolean heartbeatEvents, boolean presence) {
    /** Without any. */
    public static final Extras NONE = new Extras(Set.of(), Duration.ZERO, false, false);

    public Extras {
      for (String type : until) {
        Names.type("until", type);
      }
      until = Set.copyOf(until);
      if (throttle.isNegative()) {
        throw new InvalidMessageException("throttle", "not negative expected");
      }
    }
  }

  /** Where a stream starts. */
  public sealed interface Start {
    /** With the next message. */
    record Now() implements Start {}

    /** With the oldest message kept. */
    record Earliest() implements Start {}

    /**
     * With the last messages of each topic that match the filters.
     *
     * @param count how many a topic, from 1
     */
    record Last(int count) implements Start {}

    /**
     * After a cursor, as the client sent it: perhaps too long, perhaps nonsense.
     *
     * @param cursor the text
     */
    record After(String cursor) implements Start {}
  }
}
