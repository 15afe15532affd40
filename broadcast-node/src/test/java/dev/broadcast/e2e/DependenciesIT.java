package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The program brings along what docs/dependencies.md says, and no more. */
class DependenciesIT {
  private static final Pattern BUILT =
      Pattern.compile(
          "^\\s+([\\w.-]+:[\\w.-]+):jar:(?:[\\w-]+:)?([\\w.-]+):(?:compile|runtime)\\b",
          Pattern.MULTILINE);
  private static final Pattern WRITTEN =
      Pattern.compile("^\\| `([\\w.:-]+)` \\| ([\\w.-]+) \\| .+ \\|$", Pattern.MULTILINE);

  @Test
  void everyLibraryStandsInTheListWithItsReason() throws Exception {
    Path module = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    Set<String> built = found(BUILT, Files.readString(module.resolve("target/dependencies.txt")));
    built.removeIf(library -> library.startsWith("dev.broadcast:"));
    Path list = module.resolveSibling("docs").resolve("dependencies.md");
    assertTrue(built.size() > 10, built.toString());
    assertEquals(
        String.join("\n", found(WRITTEN, Files.readString(list))), String.join("\n", built));
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text.replaceAll("\u001B\\[[0-9;]*m", ""));
    while (matcher.find()) {
      found.add(matcher.group(1) + " " + matcher.group(2));
    }
    return found;
  }
}
