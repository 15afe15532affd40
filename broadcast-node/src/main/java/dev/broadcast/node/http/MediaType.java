package dev.broadcast.node.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A media type or range (RFC 9110, 8.3 and 12.5.1).
 *
 * @param type before the slash, lower case
 * @param subtype after it, lower case
 * @param parameters names in lower case
 */
record MediaType(String type, String subtype, Map<String, String> parameters) {
  private static final String EVENT_STREAM = "text/event-stream";

  /** Returns null for what is none. */
  static @Nullable MediaType parse(String text) {
    return new MediaTypeReader(text).read();
  }

  String name() {
    return type + "/" + subtype;
  }

  /**
   * Whether an {@code Accept} header allows {@code text/event-stream}. The most specific range
   * decides; what cannot be read is left out; nothing readable allows all.
   */
  static boolean acceptsEventStream(List<String> accept) {
    if (isJustEventStream(accept)) {
      return true;
    }
    List<MediaType> ranges = ranges(accept);
    int specific = -1;
    boolean accepted = ranges.isEmpty();
    for (MediaType range : ranges) {
      int rank = range.rank();
      if (rank > specific) {
        specific = rank;
        accepted = !range.refused();
      } else if (rank == specific) {
        accepted |= !range.refused();
      }
    }
    return accepted;
  }

  /**
   * Whether an {@code Accept} header names {@code text/event-stream}, as every EventSource does.
   */
  static boolean namesEventStream(List<String> accept) {
    if (isJustEventStream(accept)) {
      return true;
    }
    for (MediaType range : ranges(accept)) {
      if (range.rank() == 2 && !range.refused()) {
        return true;
      }
    }
    return false;
  }

  /** What every EventSource sends. */
  private static boolean isJustEventStream(List<String> accept) {
    return accept.size() == 1 && accept.get(0).equals(EVENT_STREAM);
  }

  private static List<MediaType> ranges(List<String> accept) {
    List<MediaType> ranges = new ArrayList<>();
    for (String line : accept) {
      for (int start = 0; start <= line.length(); ) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        MediaType range = parse(line.substring(start, end));
        if (range != null) {
          ranges.add(range);
        }
        start = end + 1;
      }
    }
    return ranges;
  }

  /** How closely this range fits an event stream: 2 names it, 0 is anything, -2 does not fit. */
  private int rank() {
    if (type.equals("text")) {
      return subtype.equals("event-stream") ? 2 : subtype.equals("*") ? 1 : -2;
    }
    return type.equals("*") && subtype.equals("*") ? 0 : -2;
  }

  /** Whether its weight is nothing: 0, 0. or 0.000. */
  private boolean refused() {
    String weight = parameters.getOrDefault("q", "1");
    if (!weight.startsWith("0") || (weight.length() > 1 && weight.charAt(1) != '.')) {
      return false;
    }
    for (int i = 2; i < weight.length(); i++) {
      if (weight.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
