package dev.broadcast.api.client;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Json;
import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.stream.StreamEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one link said: its events, and what a client must know about it. Not thread-safe. */
final class StreamEvents implements EventStreamReader.Sink {
  private final EventStreamReader reader;
  private final List<StreamEvent> arrived = new ArrayList<>();
  private volatile @Nullable String cursor;
  private volatile boolean opened;
  private volatile @Nullable String closing;
  private volatile Duration retry = Duration.ZERO;
  private volatile Duration deadAfter = Duration.ZERO;

  StreamEvents(int maxEventSize) {
    reader = new EventStreamReader(this, maxEventSize);
  }

  List<StreamEvent> read(List<ByteBuffer> bytes) throws IOException {
    for (ByteBuffer buffer : bytes) {
      reader.feed(buffer);
    }
    List<StreamEvent> events = List.copyOf(arrived);
    arrived.clear();
    return events;
  }

  /** What to go on after, or null if it named none. */
  @Nullable String cursor() {
    return cursor;
  }

  /** Whether it said {@code connected}. */
  boolean opened() {
    return opened;
  }

  /** Why the node ends it, or null if it did not say goodbye. */
  @Nullable String closing() {
    return closing;
  }

  /** When the node wants its clients back. */
  Duration retry() {
    return retry;
  }

  /** Three of the heartbeats that the node announced; zero if it announced none. */
  Duration deadAfter() {
    return deadAfter;
  }

  @Override
  public void idOnly(String id) {
    keep(id);
  }

  @Override
  public void retry(long millis) {
    retry = Duration.ofMillis(millis);
  }

  @Override
  public void event(String type, String data, String id) {
    keep(id);
    switch (type) {
      case "connected" -> {
        Map<?, ?> fields = object(data);
        opened = true;
        if (fields.get("heartbeat_interval") instanceof Number seconds) {
          deadAfter = Duration.ofMillis(Math.round(3000 * seconds.doubleValue()));
        }
        arrived.add(
            new StreamEvent.Opened(text(fields, "connection_id"), text(fields, "node"), cursor));
      }
      case "reset" -> {
        Map<?, ?> fields = object(data);
        List<String> topics = new ArrayList<>();
        if (fields.get("topics") instanceof List<?> names) {
          names.forEach(name -> topics.add(String.valueOf(name)));
        }
        arrived.add(new StreamEvent.Reset(text(fields, "reason"), topics, cursor));
      }
      case "closing" -> closing = text(object(data), "reason");
      case "heartbeat" -> {}
      case "presence" -> arrived.add(new StreamEvent.Notice(type, data));
      default -> arrived.add(new StreamEvent.Delivered(PublishedMessage.parse(data), id));
    }
  }

  private void keep(String id) {
    if (!id.isEmpty()) {
      cursor = id;
    }
  }

  private static Map<?, ?> object(String json) {
    if (Json.parse(json) instanceof Map<?, ?> fields) {
      return fields;
    }
    throw new InvalidMessageException("data", "an object expected, not " + json);
  }

  private static String text(Map<?, ?> fields, String name) {
    return String.valueOf(fields.get(name));
  }
}
