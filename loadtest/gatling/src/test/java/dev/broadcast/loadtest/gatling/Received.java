package dev.broadcast.loadtest.gatling;

import io.gatling.http.action.sse.SseInboundMessage;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one stream has received of one topic whose messages are numbered: {@code RUN NUMBER MILLIS}.
 * Immutable, since it lives in a session.
 *
 * @param first the first number, 0 if there was none
 * @param last the last number
 * @param wrong how often a number did not follow the one before: lost, doubled or swapped
 * @param late the longest time from publisher to stream, in milliseconds
 * @param cursor the last event's id
 * @param resets how often the stream said that something is missing
 */
record Received(long first, long last, int wrong, long late, String cursor, int resets) {
  static final Received NOTHING = new Received(0, 0, 0, 0, "", 0);

  // Gatling shows an event as JSON, its fields as text.
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");
  private static final Pattern NUMBERED = Pattern.compile("\"data\":\"n (\\d+) (\\d+)");

  /** With these, too; the earliest first. */
  Received and(List<SseInboundMessage> messages) {
    Received all = this;
    for (SseInboundMessage message : messages) {
      all = all.and(message.timestamp(), message.message());
    }
    return all;
  }

  private Received and(long at, String event) {
    Matcher id = ID.matcher(event);
    String place = id.find() ? id.group(1) : cursor;
    if (event.contains("\"event\":\"reset\"")) {
      return new Received(first, last, wrong, late, place, resets + 1);
    }
    Matcher numbered = NUMBERED.matcher(event);
    if (!numbered.find()) {
      return new Received(first, last, wrong, late, place, resets);
    }
    long number = Long.parseLong(numbered.group(1));
    return new Received(
        first == 0 ? number : first,
        number,
        wrong + (last != 0 && number != last + 1 ? 1 : 0),
        Math.max(late, at - Long.parseLong(numbered.group(2))),
        place,
        resets);
  }

  /** Whether it is a piece of the topic without holes, and not empty. */
  boolean whole() {
    return last > 0 && wrong == 0 && resets == 0;
  }
}
