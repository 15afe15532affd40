package dev.broadcast.api;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As much JSON (RFC 8259) as the messages of a program need, so that this module needs nothing but
 * the JDK: Java values to compact text, and text to Java values. Stateless, any thread.
 *
 * <p>Values are {@code null}, {@link Boolean}, {@link Number}, {@link CharSequence}, {@link Map}
 * with text as keys, {@link Iterable}, arrays of objects, {@link Data}; others are refused rather
 * than guessed. Programs with a JSON library of their own hand its compact output to {@link
 * Data#json}.
 */
public final class Json {
  private Json() {}

  /**
   * Compact JSON of a Java value.
   *
   * @throws InvalidMessageException if it, or something in it, is none of the values named above
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder(64);
    JsonWriter.value(out, value, 0);
    return out.toString();
  }

  /** A text as a JSON string, quotes included. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    JsonWriter.text(out, text);
    return out.toString();
  }

  /**
   * The Java value of a JSON text: {@code null}, {@link Boolean}, {@link BigDecimal}, {@link
   * String}, {@link List}, {@link Map}.
   *
   * @throws InvalidMessageException if it is no JSON text, has a key twice or nests deeper than 200
   */
  public static @Nullable Object parse(String json) {
    return new JsonReader(json).read();
  }

  /**
   * The same JSON without white space between its tokens; numbers and strings stay as they are
   * written.
   *
   * @throws InvalidMessageException as {@link #parse}
   */
  public static String compact(String json) {
    return new JsonReader(json).compact();
  }

  /**
   * The members of a JSON object, in its order, each value as the JSON text it is written as.
   *
   * @throws InvalidMessageException if it is no JSON object
   */
  public static Map<String, String> members(String json) {
    LinkedHashMap<String, String> members = new LinkedHashMap<>();
    new JsonReader(json).members(members::put);
    return members;
  }

  /**
   * The text of a JSON string.
   *
   * @throws InvalidMessageException if it is no JSON string
   */
  public static String text(String json) {
    if (parse(json) instanceof String text) {
      return text;
    }
    throw new InvalidMessageException("json", "a string expected, not " + Names.quote(json));
  }
}
