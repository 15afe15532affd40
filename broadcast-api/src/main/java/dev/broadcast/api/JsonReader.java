package dev.broadcast.api;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text (RFC 8259), strictly. Used once. */
final class JsonReader {
  private final String json;
  private int at;

  JsonReader(String json) {
    this.json = json;
  }

  @Nullable Object read() {
    Object value = value(0);
    end();
    return value;
  }

  /** Checks all of it and leaves out the white space between tokens. */
  String compact() {
    read();
    StringBuilder out = new StringBuilder(json.length());
    boolean text = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (text || !isSpace(c)) {
        out.append(c);
      }
      if (text && c == '\\') {
        out.append(json.charAt(++i));
      } else if (c == '"') {
        text = !text;
      }
    }
    return out.toString();
  }

  /** Hands out the members of an object as they are written. */
  void members(BiConsumer<String, String> member) {
    skip();
    if (at == json.length() || json.charAt(at) != '{') {
      throw wrong("an object expected");
    }
    object(
        (name, from) -> {
          value(1);
          member.accept(name, json.substring(from, at));
        });
    end();
  }

  private @Nullable Object value(int depth) {
    if (depth > JsonWriter.MAX_DEPTH) {
      throw wrong("at most " + JsonWriter.MAX_DEPTH + " levels of nesting expected");
    }
    skip();
    char c = at < json.length() ? json.charAt(at) : 0;
    return switch (c) {
      case '{' -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        object((name, from) -> map.put(name, value(depth + 1)));
        yield Collections.unmodifiableMap(map);
      }
      case '[' -> list(depth);
      case '"' -> text();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", null);
      default -> number();
    };
  }

  /** Told the name of each member, and where its value begins; reads the value. */
  private interface Member {
    void read(String name, int from);
  }

  private void object(Member member) {
    Set<String> names = new HashSet<>();
    at++;
    skip();
    if (eat('}')) {
      return;
    }
    do {
      skip();
      if (at == json.length() || json.charAt(at) != '"') {
        throw wrong("a name in quotes expected");
      }
      String name = text();
      if (!names.add(name)) {
        throw wrong("the name " + Names.quote(name) + " stands twice");
      }
      skip();
      if (!eat(':')) {
        throw wrong("a colon expected");
      }
      skip();
      member.read(name, at);
      skip();
    } while (eat(','));
    if (!eat('}')) {
      throw wrong("a comma or the end of the object expected");
    }
  }

  private List<@Nullable Object> list(int depth) {
    List<@Nullable Object> items = new ArrayList<>();
    at++;
    skip();
    if (eat(']')) {
      return List.of();
    }
    do {
      items.add(value(depth + 1));
      skip();
    } while (eat(','));
    if (!eat(']')) {
      throw wrong("a comma or the end of the list expected");
    }
    return Collections.unmodifiableList(items);
  }

  private String text() {
    int from = ++at;
    StringBuilder out = null;
    while (at < json.length()) {
      char c = json.charAt(at);
      if (c == '"') {
        String rest = json.substring(from, at++);
        return out == null ? rest : out.append(rest).toString();
      } else if (c < 0x20) {
        throw wrong("control characters in text must be escaped");
      } else if (c == '\\') {
        out = (out == null ? new StringBuilder() : out).append(json, from, at);
        at++;
        out.append(escaped());
        from = at;
      } else {
        at++;
      }
    }
    throw wrong("the end of a text expected");
  }

  private char escaped() {
    char c = at < json.length() ? json.charAt(at++) : 0;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < json.length() ? Character.digit(json.charAt(at++), 16) : -1;
          if (digit < 0) {
            throw wrong("four hexadecimal digits expected");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw wrong("no such escape");
    };
  }

  private @Nullable Object literal(String word, @Nullable Object value) {
    if (!json.startsWith(word, at)) {
      throw wrong("a value expected");
    }
    at += word.length();
    return value;
  }

  private BigDecimal number() {
    int from = at;
    eat('-');
    if (!eat('0')) {
      digits();
    }
    if (eat('.')) {
      digits();
    }
    if (eat('e') || eat('E')) {
      if (!eat('+')) {
        eat('-');
      }
      digits();
    }
    try {
      return new BigDecimal(json.substring(from, at));
    } catch (NumberFormatException e) {
      throw wrong("a number of a size that can be read expected");
    }
  }

  private void digits() {
    int from = at;
    while (at < json.length() && json.charAt(at) >= '0' && json.charAt(at) <= '9') {
      at++;
    }
    if (at == from) {
      throw wrong("a value expected");
    }
  }

  private boolean eat(char c) {
    boolean there = at < json.length() && json.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void skip() {
    while (at < json.length() && isSpace(json.charAt(at))) {
      at++;
    }
  }

  private void end() {
    skip();
    if (at < json.length()) {
      throw wrong("nothing more expected");
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private InvalidMessageException wrong(String detail) {
    return new InvalidMessageException("json", detail + " at character " + at);
  }
}
