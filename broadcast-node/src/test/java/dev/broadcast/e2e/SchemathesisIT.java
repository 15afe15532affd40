package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.NpmPackages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A tool that nobody here wrote reads {@code /openapi.yaml} and asks whatever that allows, and what
 * it does not: it finds no 5xx and no answer that is not described. Of a stream, which does not
 * end, it gets what comes first. Left out where there is no Python.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SchemathesisIT {
  private static final String VERSION = "4.32.5";
  private static final String CHECKS =
      "not_a_server_error,status_code_conformance,content_type_conformance,"
          + "response_headers_conformance,response_schema_conformance,negative_data_rejection,"
          + "unsupported_method,allow_header_conformance,missing_required_header,ignored_auth";

  private static final Pattern OPENED =
      Pattern.compile("^broadcast_connections_opened_total (\\S+)$", Pattern.MULTILINE);

  /** The module, beside this class' resources, that makes streams end. */
  private static final String HOOKS = "first_event";

  @Test
  void findsNothingThatIsNotWritten() throws Exception {
    assumeTrue(NpmPackages.hasProgram("python3"), "Python is not installed");
    Path directory =
        Path.of(System.getProperty("basedir", "."), "target", "schemathesis").toAbsolutePath();
    Path tool = install(directory);
    Path hooks = directory.resolve(HOOKS + ".py");
    try (InputStream written =
        SchemathesisIT.class.getResourceAsStream("/schemathesis/" + HOOKS + ".py")) {
      Files.copy(written, hooks, StandardCopyOption.REPLACE_EXISTING);
    }
    try (NodeProcess node =
        NodeProcess.start(
            List.of(
                "--port=0", "--subscribe-key=s", "--publish-key=p", "--admin-key=everything"))) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(tool.toString(), "run"));
      command.add(node.uri() + "/openapi.yaml");
      command.addAll(List.of("-H", "Authorization: Bearer everything", "--no-color"));
      command.addAll(List.of("--checks", CHECKS, "--seed", "7", "-n", "40"));
      command.addAll(List.of("--phases", "examples,coverage,fuzzing", "--continue-on-failure"));
      Path log = directory.resolve("run.log");
      int status = run(command, directory, log);
      String said = Files.readString(log);
      assertEquals(0, status, said);
      assertTrue(said.contains("No issues found") || said.contains("passed"), said);
      assertTrue(streams(node) > 20, "streams were asked for: " + said);
    }
  }

  private static double streams(NodeProcess node) throws IOException {
    Matcher opened = OPENED.matcher(new Http("everything").get(node.uri(), "/metrics").text());
    assertTrue(opened.find(), "the figure of streams");
    return Double.parseDouble(opened.group(1));
  }

  private static Path install(Path directory) throws IOException, InterruptedException {
    Path tool = directory.resolve("venv/bin/schemathesis");
    Path log = Files.createDirectories(directory).resolve("install.log");
    if (!Files.exists(tool)) {
      assumeTrue(
          run(List.of("python3", "-m", "venv", "venv"), directory, log) == 0, "no venv module");
      List<String> pip = List.of("venv/bin/pip", "-q", "install", "schemathesis==" + VERSION);
      assertEquals(0, run(pip, directory, log), Files.readString(log));
    }
    return tool;
  }

  private static int run(List<String> command, Path directory, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("SCHEMATHESIS_HOOKS", HOOKS);
    builder.environment().put("PYTHONPATH", directory.toString());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), () -> command + " does not end");
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
