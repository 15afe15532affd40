package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.testing.NpmPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A tool that nobody here wrote reads {@code /openapi.yaml} and asks whatever that allows, and what
 * it does not: it finds no 5xx and no answer that is not described. Left out where there is no
 * Python; streams are left out, since they do not end.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SchemathesisIT {
  private static final String VERSION = "4.32.5";
  private static final String CHECKS =
      "not_a_server_error,status_code_conformance,content_type_conformance,"
          + "response_headers_conformance,response_schema_conformance,negative_data_rejection,"
          + "unsupported_method,allow_header_conformance,missing_required_header,ignored_auth";

  @Test
  void findsNothingThatIsNotWritten() throws Exception {
    assumeTrue(NpmPackages.hasProgram("python3"), "Python is not installed");
    Path directory =
        Path.of(System.getProperty("basedir", "."), "target", "schemathesis").toAbsolutePath();
    Path tool = install(directory);
    Path settings =
        Files.writeString(
            directory.resolve("schemathesis.toml"),
            "[[operations]]\ninclude-name = \"GET /events\"\nenabled = false\n");
    try (NodeProcess node =
        NodeProcess.start(
            List.of(
                "--port=0", "--subscribe-key=s", "--publish-key=p", "--admin-key=everything"))) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(tool.toString(), "--config-file", settings.toString(), "run"));
      command.add(node.uri() + "/openapi.yaml");
      command.addAll(List.of("-H", "Authorization: Bearer everything", "--no-color"));
      command.addAll(List.of("--checks", CHECKS, "--seed", "7", "-n", "40"));
      command.addAll(List.of("--phases", "examples,coverage,fuzzing", "--continue-on-failure"));
      Path log = directory.resolve("run.log");
      int status = run(command, directory, log);
      String said = Files.readString(log);
      assertEquals(0, status, said);
      assertTrue(said.contains("No issues found") || said.contains("passed"), said);
    }
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
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertTrue(process.waitFor(4, TimeUnit.MINUTES), () -> command + " does not end");
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
