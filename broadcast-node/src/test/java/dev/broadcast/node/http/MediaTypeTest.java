package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Media types: read by hand, told here as expressions. */
class MediaTypeTest {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern TYPE = Pattern.compile("\\s*(" + TOKEN + ")/(" + TOKEN + ")\\s*");
  private static final Pattern PARAMETER =
      Pattern.compile(
          ";\\s*(?:(" + TOKEN + ")=(?:(" + TOKEN + ")|\"((?:[^\"\\\\]|\\\\.)*)\"))?\\s*");
  private static final String[] PARTS = {
    "text",
    "/",
    "event-stream",
    "*",
    ";",
    ";",
    " ",
    "\t",
    "q",
    "=",
    "0",
    "0.5",
    "\"",
    "\\",
    "a b",
    "Charset",
    "utf-8",
    "ä",
    ","
  };

  private static @Nullable MediaType expected(String text) {
    Matcher type = TYPE.matcher(text);
    if (!type.lookingAt()) {
      return null;
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
        ? null
        : new MediaType(
            type.group(1).toLowerCase(Locale.ROOT),
            type.group(2).toLowerCase(Locale.ROOT),
            parameters);
  }

  @Test
  void noTypeIsReadOtherwiseThanTheExpressionsReadIt() {
    Random random = new Random(7);
    int types = 0;
    for (int i = 0; i < 300_000; i++) {
      StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "" : "text/plain");
      for (int parts = random.nextInt(9); parts > 0; parts--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      MediaType read = MediaType.parse(text.toString());
      assertEquals(expected(text.toString()), read, text::toString);
      types += read == null ? 0 : 1;
    }
    assertTrue(types > 10_000, "most of them were none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "text/", "/plain", "text/plain;a", "text/plain;a=", "a/b c"})
  void whatIsNoneIsNone(String text) {
    assertNull(MediaType.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/event-stream", "*/*", "text/*;q=0.1", "application/json, */*", "nonsense"})
  void anEventStreamIsAccepted(String accept) {
    assertTrue(MediaType.acceptsEventStream(List.of(accept)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "text/event-stream;q=0",
        "text/event-stream;q=0., */*",
        "text/event-stream;q=0.000, text/*"
      })
  void anEventStreamIsNotAccepted(String accept) {
    assertFalse(MediaType.acceptsEventStream(List.of(accept)));
  }
}
