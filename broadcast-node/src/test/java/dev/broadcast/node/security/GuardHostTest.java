package dev.broadcast.node.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names a node without keys is served under: read by hand, told here as an expression. */
class GuardHostTest {
  private static final Pattern LOOPBACK =
      Pattern.compile("(.+\\.)?localhost\\.?|127(\\.[0-9]{1,3}){3}|\\[::1]");
  private static final String[] PARTS = {
    "localhost",
    "LocalHost",
    "127",
    ".",
    "..",
    "0",
    "1",
    "255",
    "1234",
    "[::1]",
    ":",
    ":80",
    ":65535",
    ":123456",
    "a",
    "evil",
    ""
  };

  private static boolean expected(String host) {
    String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    return LOOPBACK.matcher(name).matches();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "app.localhost.",
        "127.0.0.1:80",
        "127.1.22.255",
        "[::1]:8080",
        "[::1]"
      })
  void namesOfTheMachineItselfAreServed(String host) {
    assertEquals(true, expected(host));
    assertEquals(true, LoopbackNames.isLoopback(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".localhost",
        "xlocalhost",
        "localhost.evil.example",
        "localhost..",
        "127.0.0",
        "127.0.0.1.2",
        "127.0.0.1234",
        "127..0.1",
        "127.0.0.1.",
        "128.0.0.1",
        "localhost:123456",
        "localhost:",
        "::1"
      })
  void othersAreNot(String host) {
    assertEquals(false, expected(host));
    assertEquals(false, LoopbackNames.isLoopback(host));
  }

  @Test
  void noNameIsReadOtherwiseThanTheExpressionReadsIt() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder host = new StringBuilder();
      for (int parts = random.nextInt(9); parts > 0; parts--) {
        host.append(PARTS[random.nextInt(PARTS.length)]);
      }
      assertEquals(
          expected(host.toString()), LoopbackNames.isLoopback(host.toString()), host::toString);
    }
  }
}
