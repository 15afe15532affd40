package dev.broadcast.node.broadcaster;

import dev.broadcast.api.Json;
import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.stream.StreamEvent;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks that a node writes on a stream with {@code format=message}: whole ones, whose
 * data is one line. Stateless.
 */
final class Blocks {
  private Blocks() {}

  /**
   * Reads some.
   *
   * @param sink gets each event, null for a block with only an id, and the cursor after it, null
   *     for none
   */
  static void read(String blocks, BiConsumer<@Nullable StreamEvent, @Nullable String> sink) {
    for (String block : blocks.split("\n\n", -1)) {
      String id = null;
      String type = null;
      String data = null;
      for (String line : block.split("\n", -1)) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = data == null ? line.substring(6) : data + '\n' + line.substring(6);
        }
      }
      if (data != null) {
        sink.accept(event(type, data, id), id);
      } else if (id != null) {
        sink.accept(null, id);
      }
    }
  }

  private static StreamEvent event(@Nullable String type, String data, @Nullable String id) {
    if (type != null) {
      switch (type) {
        case "connected" -> {
          Map<?, ?> fields = fields(data);
          return new StreamEvent.Opened(text(fields, "connection_id"), text(fields, "node"), id);
        }
        case "reset" -> {
          Map<?, ?> fields = fields(data);
          List<String> topics =
              fields.get("topics") instanceof List<?> names
                  ? names.stream().map(String::valueOf).toList()
                  : List.of();
          return new StreamEvent.Reset(text(fields, "reason"), topics, id);
        }
        case "closing" -> {
          return new StreamEvent.Interrupted(text(fields(data), "reason"));
        }
        default -> {}
      }
    }
    // Events for one connection alone have no id, so they are no messages.
    return id == null
        ? new StreamEvent.Notice(type == null ? "message" : type, data)
        : new StreamEvent.Delivered(PublishedMessage.parse(data), id);
  }

  private static Map<?, ?> fields(String data) {
    return Json.parse(data) instanceof Map<?, ?> fields ? fields : Map.of();
  }

  private static String text(Map<?, ?> fields, String name) {
    return String.valueOf(fields.get(name));
  }
}
