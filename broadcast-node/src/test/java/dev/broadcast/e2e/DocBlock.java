package dev.broadcast.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of a Markdown file.
 *
 * @param file whose it is, from the project's root
 * @param line where it begins
 * @param language the first word behind the fence, empty if there is none
 * @param by what else runs it ({@code sh by=ClassIT}, {@code sh by=.ci/script}), or empty; README's
 *     shell blocks need no such word: {@code .ci/readme} runs all of them
 * @param from the file that it shows ({@code <!-- from: FILE -->} above it), or empty
 */
record DocBlock(Path file, int line, String language, String by, String from, String text) {
  static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  private static final Pattern FENCE = Pattern.compile("^```(\\w*)(?: +by=(\\S+))?\\s*$");
  private static final Pattern FROM = Pattern.compile("^<!-- from: (\\S+) -->$");

  /** All of them, and what no fence shows: {@code language} is then {@code indented}. */
  static List<DocBlock> all() throws IOException {
    List<DocBlock> blocks = new ArrayList<>();
    for (Path file : files()) {
      read(ROOT.relativize(file), Files.readAllLines(file), blocks);
    }
    return blocks;
  }

  /** README and whatever else people read. */
  static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name :
        List.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "loadtest/README.md")) {
      files.add(ROOT.resolve(name));
    }
    for (String directory : List.of("docs", "examples", "deploy")) {
      try (Stream<Path> found = Files.walk(ROOT.resolve(directory))) {
        files.addAll(found.filter(file -> file.toString().endsWith(".md")).sorted().toList());
      }
    }
    return files;
  }

  private static void read(Path file, List<String> lines, List<DocBlock> blocks) {
    String before = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```")) {
        int begin = i++;
        StringBuilder text = new StringBuilder();
        while (i < lines.size() && !lines.get(i).startsWith("```")) {
          text.append(lines.get(i++)).append('\n');
        }
        Matcher fence = FENCE.matcher(line);
        Matcher from = FROM.matcher(before);
        boolean known = fence.matches();
        blocks.add(
            new DocBlock(
                file,
                begin + 1,
                known ? fence.group(1) : line,
                known ? by(file, fence) : "",
                from.matches() ? from.group(1) : "",
                text.toString()));
      } else if (line.startsWith("    ") && before.isEmpty() && !line.isBlank()) {
        blocks.add(new DocBlock(file, i + 1, "indented", "", "", line));
      }
      before = line;
    }
  }

  private static String by(Path file, Matcher fence) {
    if (fence.group(2) != null) {
      return fence.group(2);
    }
    boolean readme = file.equals(Path.of("README.md")) && fence.group(1).equals("sh");
    return readme ? ".ci/readme" : "";
  }

  String where() {
    return file + ":" + line;
  }
}
