package dev.broadcast.node.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A media type or range (RFC 9110, 8.3 and 12.5.1).
 *
 * @param type before the slash, lower case
 * @param subtype after it, lower case
 * @param parameters names in lower case
 */
record MediaType(String type, String subtype, Map<String, String> parameters) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern TYPE = Pattern.compile("\\s*(" + TOKEN + ")/(" + TOKEN + ")\\s*");
  private static final Pattern PARAMETER =
      Pattern.compile(
          ";\\s*(?:(" + TOKEN + ")=(?:(" + TOKEN + ")|\"((?:[^\"\\\\]|\\\\.)*)\"))?\\s*");

  static Optional<MediaType> parse(String text) {
    Matcher type = TYPE.matcher(text);
    if (!type.lookingAt()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher parameter = PARAMETER.matcher(text);
    int end = type.end();
    while (end < text.length() && parameter.region(end, text.length()).lookingAt()) {
      if (parameter.group(1) != null) {
        String value = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
        parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
      }
      end = parameter.end();
    }
    return end < text.length()
        ? Optional.empty()
        : Optional.of(
            new MediaType(
                type.group(1).toLowerCase(Locale.ROOT),
                type.group(2).toLowerCase(Locale.ROOT),
                parameters));
  }

  String name() {
    return type + "/" + subtype;
  }

  /**
   * Whether an {@code Accept} header allows {@code text/event-stream}. The most specific range
   * decides; what cannot be read is left out; nothing readable allows all.
   */
  static boolean acceptsEventStream(List<String> accept) {
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
    return ranges(accept).stream().anyMatch(r -> r.rank() == 2 && !r.refused());
  }

  private static List<MediaType> ranges(List<String> accept) {
    return accept.stream()
        .flatMap(line -> List.of(line.split(",", -1)).stream())
        .flatMap(range -> parse(range).stream())
        .toList();
  }

  /** How closely this range fits an event stream: 2 names it, 0 is anything, -2 does not fit. */
  private int rank() {
    if (type.equals("text")) {
      return subtype.equals("event-stream") ? 2 : subtype.equals("*") ? 1 : -2;
    }
    return type.equals("*") && subtype.equals("*") ? 0 : -2;
  }

  private boolean refused() {
    return parameters.getOrDefault("q", "1").matches("0(\\.0*)?");
  }
}
