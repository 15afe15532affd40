package dev.broadcast.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The parser that judges the product follows the standard; each case is one of its rules. */
class SseParserTest {

  static List<Arguments> rules() {
    return List.of(
        rule("an event", "data: a\n\n", "message|a|0"),
        rule("CR ends a line", "data: a\rdata: b\r\r", "message|a\nb|0"),
        rule("CRLF ends one line, not two", "data: a\r\ndata: b\r\n\r\n", "message|a\nb|0"),
        rule("one leading blank goes", "data:  a\n\n", "message| a|0"),
        rule("no blank needed", "data:a\n\n", "message|a|0"),
        rule("empty data is an event", "data\n\n", "message||0"),
        rule(
            "a type holds for one event",
            "event: t\ndata: a\n\ndata: b\n\n",
            "t|a|0",
            "message|b|0"),
        rule("an id holds on", "id: 1\ndata: a\n\ndata: b\n\n", "message|a|1", "message|b|1"),
        rule(
            "an empty id wipes it",
            "id: 1\ndata: a\n\nid\ndata: b\n\n",
            "message|a|1",
            "message|b|"),
        rule("an id with NUL is ignored", "id: 1\0\ndata: a\n\n", "message|a|0"),
        rule("a block without data only moves the id", "event: t\nid: 7\n\n", "id 7"),
        rule("retry is digits", "retry: 12\nretry: 1x\nretry: +1\nretry:\n\n", "retry 12"),
        rule("comments", ":hi\n: there\n", "comment hi", "comment  there"),
        rule("unknown fields are ignored", "datum: a\nData: a\n\n"),
        rule("an unfinished block is dropped", "data: a\n"),
        rule("a byte order mark goes once", "\uFEFFdata: \uFEFFa\n\n", "message|\uFEFFa|0"),
        rule("characters of several bytes", "data: é\n\n", "message|é|0"));
  }

  private static Arguments rule(String name, String stream, String... outcome) {
    return Arguments.of(name, stream, List.of(outcome));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void followsTheStandard(String name, String stream, List<String> outcome) {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int piece = 1; piece <= bytes.length; piece++) {
      var got = new ArrayList<String>();
      var parser = new SseParser("0", recorder(got));
      for (int from = 0; from < bytes.length; from += piece) {
        byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece));
        parser.feed(part, part.length);
      }
      assertEquals(outcome, got, name + " in pieces of " + piece);
    }
  }

  private static SseParser.Sink recorder(List<String> got) {
    return new SseParser.Sink() {
      @Override
      public void event(String type, String data, String lastEventId) {
        got.add(type + "|" + data + "|" + lastEventId);
      }

      @Override
      public void idOnly(String lastEventId) {
        got.add("id " + lastEventId);
      }

      @Override
      public void comment(String text) {
        got.add("comment " + text);
      }

      @Override
      public void retry(long millis) {
        got.add("retry " + millis);
      }
    };
  }
}
