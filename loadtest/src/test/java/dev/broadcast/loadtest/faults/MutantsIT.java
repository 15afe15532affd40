package dev.broadcast.loadtest.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fault suite is worth what it finds: bugs planted in the packaged node, each by changing one
 * place of its sources, and each found by the fault that asks for what the place does.
 */
@Timeout(300)
class MutantsIT {
  private static final Path NODE = Path.of("..", "broadcast-node");
  private static final String HUB = "dev/broadcast/node/hub/";
  private static final String BACKPLANE = "dev/broadcast/node/backplane/";

  @TempDir Path directory;

  @Test
  void findsABackfillThatIsSkipped() throws IOException {
    assertFound(
        "redis-pubsub-cut",
        "never got it",
        HUB + "ShardReader.java",
        "void closeHole() {",
        "void closeHole() { position = Math.max(position, target);");
  }

  @Test
  void findsAConnectionThatGoesLiveEarly() throws IOException {
    assertFound(
        "client-net-half-open",
        "never got it",
        HUB + "Replay.java",
        "return position >= shard.position();",
        "return true;");
  }

  @Test
  void findsANodeThatIgnoresTheGeneration() throws IOException {
    assertFound(
        "redis-older",
        "was not told that Redis lost it",
        HUB + "ShardReader.java",
        "return before.commonWith(now);",
        "return Long.MAX_VALUE;");
  }

  @Test
  void findsAPublishThatIsRepeatedWithoutAKey() throws IOException {
    assertFound(
        "redis-net-answers-lost",
        "got it again",
        BACKPLANE + "PublishItem.java",
        "return publication != null && publication.idempotency() != null;",
        "return publication != null;");
  }

  @Test
  void findsAScriptThatBeginsAfterItsDeadline() throws IOException {
    assertFound(
        "redis-pause",
        "got what it must not get",
        BACKPLANE + "publish.lua",
        "if now > tonumber(ARGV[3]) then",
        "if false then");
  }

  /** Ten tries of one fault at most, usually one, on as small a scene as will do. */
  private void assertFound(String fault, String finding, String file, String was, String is)
      throws IOException {
    Path patch = plant(file, was, is);
    StringWriter said = new StringWriter();
    int status =
        Faults.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(
                "--seed=3",
                "--rounds=10",
                "--faults=" + fault,
                "--nodes=2",
                "--clients=24",
                "--pause=5",
                "--patience=2",
                "--patch=" + patch,
                "--project=..",
                "--out=" + directory.resolve("out"));
    assertEquals(1, status, said.toString());
    assertTrue(said.toString().contains(finding), said.toString());
    assertTrue(said.toString().contains("seed 3 failed at #"), said.toString());
  }

  private Path plant(String file, String was, String is) throws IOException {
    String folder = file.endsWith(".lua") ? "src/main/resources" : "src/main/java";
    String source = Files.readString(NODE.resolve(folder).resolve(file), UTF_8);
    assertTrue(source.contains(was), "the place to plant a bug at is gone: " + file);
    Path patch = Files.createDirectories(directory.resolve("patch"));
    Path changed = directory.resolve("changed").resolve(file);
    Path target = file.endsWith(".lua") ? patch.resolve(file) : changed;
    Files.createDirectories(target.getParent());
    Files.writeString(target, source.replace(was, is), UTF_8);
    if (target.equals(changed)) {
      compile(changed, patch);
    }
    return patch;
  }

  private static void compile(Path source, Path to) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertNotNull(compiler, "tests run on a JDK");
    int status =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "--release",
            "17",
            "-cp",
            NODE.resolve("target/broadcast-node.jar").toString(),
            "-d",
            to.toString(),
            source.toString());
    assertEquals(0, status, "the planted bug does not compile, see above");
  }
}
