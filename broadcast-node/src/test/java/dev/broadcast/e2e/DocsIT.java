package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.broadcast.testing.NpmPackages;
import dev.broadcast.testing.RedisServer;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fenced block of README and docs is run by something: shell commands here, against nodes, or
 * by the test or script that the block names; Java is compiled; what shows a file is that file's
 * text, and a test runs the file; JSON, YAML and Redis' settings are read by their readers. Only
 * {@code text} is for people alone.
 */
@Timeout(180)
class DocsIT {
  private static final Set<String> SHOWN_FROM_FILES =
      Set.of("html", "js", "ts", "tsx", "jsx", "python", "css");
  private static final Pattern SECRET_PLACES =
      Pattern.compile("(?<![\\w/])/work/|\\.\\./shared|[Ii]ssue #?\\d");

  @TempDir Path directory;

  @Test
  void everyBlockIsRunBySomethingOrIsText() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> runners = runners();
    for (DocBlock block : DocBlock.all()) {
      String language = block.language();
      if (!block.by().isEmpty()) {
        if (!runners.contains(block.by())) {
          wrong.add(block.where() + ": there is no " + block.by());
        }
      } else if (SHOWN_FROM_FILES.contains(language)) {
        Path file = DocBlock.ROOT.resolve(block.from());
        if (block.from().isEmpty() || !Files.isRegularFile(file)) {
          wrong.add(block.where() + ": <!-- from: FILE --> expected above it");
        } else if (!Files.readString(file).contains(block.text())) {
          wrong.add(block.where() + ": is not the text of " + block.from());
        }
      } else if (!Set.of("sh", "java", "json", "yaml", "conf", "text").contains(language)) {
        wrong.add(block.where() + ": nothing here runs '" + language + "'; text is for people");
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#\\s:]+)(?:#[^)]*)?\\)");
    List<String> wrong = new ArrayList<>();
    for (Path file : DocBlock.files()) {
      String text = Files.readString(file);
      link.matcher(text)
          .results()
          .filter(found -> !Files.exists(file.getParent().resolve(found.group(1))))
          .forEach(found -> wrong.add(file + ": " + found.group(1)));
      SECRET_PLACES
          .matcher(text)
          .results()
          .forEach(found -> wrong.add(file + ": " + found.group()));
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void dataIsWhatItSaysItIs() throws Exception {
    ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    for (DocBlock block : DocBlock.all()) {
      try {
        switch (block.language()) {
          case "json" -> json.readTree(block.text());
          case "yaml" -> new YAMLMapper().readTree(block.text());
          case "conf" -> {
            Path data = Files.createTempDirectory(directory, "redis");
            try (RedisServer redis =
                RedisServer.start(data, RedisServer.Fsync.NO, redisFlags(block.text()))) {
              assertEquals("PONG", redis.command("PING"));
            }
          }
          default -> {}
        }
      } catch (IOException | IllegalStateException e) {
        throw new AssertionError(block.where(), e);
      }
    }
  }

  private static String[] redisFlags(String settings) {
    List<String> flags = new ArrayList<>();
    for (String line : settings.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
      String[] words = line.split(" +", 2);
      flags.add("--" + words[0]);
      flags.add(words[1]);
    }
    return flags.toArray(String[]::new);
  }

  @Test
  void javaCompiles() throws IOException {
    List<String> wrong = new ArrayList<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int compiled = 0;
    for (DocBlock block : DocBlock.all()) {
      if (block.language().equals("java") && block.from().isEmpty()) {
        StringWriter said = new StringWriter();
        List<String> options = List.of("-proc:none", "-d", directory.toString());
        boolean good =
            compiler.getTask(said, null, null, options, null, List.of(unit(block.text()))).call();
        compiled++;
        if (!good) {
          wrong.add(block.where() + ":\n" + said);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(compiled > 3, compiled + " blocks of Java");
  }

  /** A block stands in a method of a class that has what the words around it speak of. */
  private static SimpleJavaFileObject unit(String block) throws IOException {
    String frame =
        Files.readString(
            Path.of(System.getProperty("basedir", "."), "src/test/resources/docs/DocFrame.txt"));
    String source = frame.replace("BLOCK", block);
    return new SimpleJavaFileObject(
        URI.create("string:///Doc.java"), javax.tools.JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }

  @Test
  void shellCommandsDoWhatTheyAreThereFor() throws Exception {
    assumeTrue(NpmPackages.hasProgram("curl"), "curl is not installed");
    int run = 0;
    try (Cluster cluster = Cluster.startOpen(directory.resolve("cluster"), 2);
        NodeProcess guarded =
            NodeProcess.start(
                List.of(
                    "--port=0",
                    "--subscribe-key=reads",
                    "--publish-key=writes",
                    "--admin-key=everything"))) {
      // The pages speak of the quick start's node, of its cluster, and of a node with keys.
      List<URI> nodes = List.of(cluster.uri(0), cluster.uri(0), cluster.uri(1), guarded.uri());
      Path file = Path.of("");
      DocShell shell = new DocShell(directory, nodes, cluster.redis().port());
      for (DocBlock block : DocBlock.all()) {
        if (block.language().equals("sh") && block.by().isEmpty()) {
          if (!block.file().equals(file)) {
            shell.close();
            shell = new DocShell(directory, nodes, cluster.redis().port());
            file = block.file();
          }
          shell.run(block);
          run++;
        }
      }
      shell.close();
    }
    assertTrue(run > 5, run + " blocks of shell commands");
  }

  /** Tests by their class, scripts of CI by their path. */
  private static Set<String> runners() throws IOException {
    Set<String> runners = new TreeSet<>();
    for (String module : List.of("broadcast-api", "broadcast-node", "loadtest")) {
      try (Stream<Path> files =
          Files.walk(DocBlock.ROOT.resolve(module).resolve("src/test/java"))) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.matches(".*(IT|Test)\\.java"))
            .forEach(name -> runners.add(name.replace(".java", "")));
      }
    }
    try (Stream<Path> files = Files.list(DocBlock.ROOT.resolve(".ci"))) {
      files.forEach(file -> runners.add(".ci/" + file.getFileName()));
    }
    return runners;
  }
}
