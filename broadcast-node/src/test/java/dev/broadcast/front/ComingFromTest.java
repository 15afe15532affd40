package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of {@code docs/coming-from.md} names tests, and they exist. */
class ComingFromTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

  @Test
  void everyRowNamesTestsThatExist() throws IOException {
    Map<String, String> sources = sources();
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (String line : Files.readAllLines(ROOT.resolve("docs/coming-from.md"))) {
      if (!line.startsWith("| ") || line.startsWith("| there |")) {
        continue;
      }
      rows++;
      Matcher named = NAMED.matcher(line);
      if (!named.find()) {
        wrong.add("no test: " + line);
        continue;
      }
      do {
        if (!sources.getOrDefault(named.group(1), "").contains("void " + named.group(2) + "(")) {
          wrong.add(named.group());
        }
      } while (named.find());
    }
    assertEquals(List.of(), wrong);
    assertTrue(rows > 30, rows + " rows");
  }

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("broadcast-api", "broadcast-node")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString();
          sources.put(name.substring(0, name.length() - 5), Files.readString(file));
        }
      }
    }
    return sources;
  }
}
