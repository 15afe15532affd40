package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.testing.Browser;
import dev.broadcast.testing.NpmPackages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/clients.md} shows, the files of {@code examples/clients}: each listens, is
 * ended, and goes on where it was; so it does when its node dies. Left out are those whose programs
 * are not installed; CI has them.
 */
@Timeout(180)
class ClientsIT {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  private static final Path CLIENTS = ROOT.resolve("examples/clients");

  @TempDir static Path directory;

  private static Cluster cluster;
  private static TcpBalancer balancer;

  @BeforeAll
  static void start() {
    cluster = Cluster.startOpen(directory, 2);
    balancer = new TcpBalancer(cluster.uris());
  }

  @AfterAll
  static void stop() throws IOException {
    balancer.close();
    cluster.close();
  }

  @Test
  void python() throws Exception {
    assumeTrue(NpmPackages.hasProgram("python3"), "Python is not installed");
    Path publish = CLIENTS.resolve("publish.py");
    goesOnWhereItWas(
        "python",
        List.of("python3", CLIENTS.resolve("listen.py").toString()),
        text -> {
          List<String> command =
              new ArrayList<>(List.of("python3", publish.toString(), "python", text));
          cluster.uris().forEach(node -> command.add(node.toString()));
          try (Program program = new Program(directory, command)) {
            assertEquals(0, program.awaitExit(), program.said());
          }
        });
  }

  @Test
  void java() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String jar = ROOT.resolve("broadcast-node/target/broadcast-node.jar").toString();
    goesOnWhereItWas(
        "java",
        List.of(java, "-cp", jar, CLIENTS.resolve("Listen.java").toString()),
        text -> publish("java", null, text));
  }

  private interface Publishing {
    void publish(String text) throws Exception;
  }

  private static void goesOnWhereItWas(String topic, List<String> command, Publishing publishing)
      throws Exception {
    Path place = directory.resolve(topic + ".place");
    List<String> full = new ArrayList<>(command);
    full.addAll(List.of(topic, place.toString()));
    cluster.uris().forEach(node -> full.add(node.toString()));
    try {
      try (Program first = new Program(directory, full)) {
        awaitListener(topic);
        publishing.publish("one");
        first.await("one");
        cluster.node(0).kill();
        publishing.publish("two");
        first.await("two");
      }
      publishing.publish("three");
      try (Program second = new Program(directory, full)) {
        second.await("three");
        publishing.publish("four");
        second.await("four");
        assertEquals(
            List.of("three", "four"),
            second
                .said()
                .lines()
                .filter(line -> line.matches(".*(one|two|three|four)"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList());
      }
    } finally {
      cluster.revive(0);
    }
  }

  @Test
  void pageAndItsReload() throws Exception {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    String page = Files.readString(CLIENTS.resolve("page.html"));
    try (Browser browser = Browser.start()) {
      Browser.Tab tab = browser.open(balancer.uri().resolve("/health/live"));
      show(tab, page);
      tab.await("open", "source.readyState === 1");
      publish("orders", null, "first");
      publish("orders", "update", "second");
      tab.await("both", "list.textContent === 'firstchanged: second'");
      tab.go(balancer.uri().resolve("/health/live"));
      publish("orders", null, "third");
      show(tab, page);
      tab.await("what came meanwhile and nothing else", "list.textContent === 'third'");
    }
  }

  @Test
  void eventSource() throws Exception {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    String script = Files.readString(CLIENTS.resolve("listen.js"));
    try (Browser browser = Browser.start()) {
      Browser.Tab tab = browser.open(balancer.uri().resolve("/health/live"));
      String here = script.replace("127.0.0.1:8080", balancer.uri().getAuthority());
      tab.run(here.replace("const source", "window.source"));
      tab.await("open", "source.readyState === 1");
      publish("orders", null, "plain text");
      cluster.node(0).kill();
      publish("orders", "update", "while it was away");
      tab.await("open again", "source.readyState === 1");
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!browser.console().toString().contains("while it was away")) {
        if (System.nanoTime() > end) {
          throw new AssertionError(browser.console());
        }
        LockSupport.parkNanos(20_000_000);
      }
      assertTrue(browser.console().toString().contains("plain text"), "" + browser.console());
    } finally {
      cluster.revive(0);
    }
  }

  @Test
  void reactAndTypeScript() throws Exception {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    assumeTrue(NpmPackages.hasProgram("npm"), "npm is not installed");
    Path work = NpmPackages.install("typed-clients");
    copy(CLIENTS, work);
    copy(ROOT.resolve("broadcast-node/src/main/resources/dev/broadcast/node/http"), work);
    run(work, "node_modules/.bin/tsc", "--project", ".");
    run(
        work,
        "node_modules/.bin/esbuild",
        "react/App.tsx",
        "--bundle",
        "--format=esm",
        "--jsx=automatic",
        "--external:/broadcast.mjs",
        "--outfile=app.js");
    String app = Files.readString(work.resolve("app.js")).replace("</script", "<\\/script");
    try (Browser browser = Browser.start()) {
      Browser.Tab tab = browser.open(balancer.uri().resolve("/health/live"));
      show(tab, "<div id=root></div><script type=module>" + app + "</script>");
      tab.await("open", "document.querySelector('p')?.textContent === 'live'");
      publish("orders", "update", Map.of("number", 7, "state", "packed"));
      tab.await("first", "document.querySelector('ul').textContent === '7: packed'");
      cluster.node(0).kill();
      publish("orders", "update", Map.of("number", 7, "state", "shipped"));
      tab.await("second", "document.querySelector('ul').textContent === '7: packed7: shipped'");
    } finally {
      cluster.revive(0);
    }
  }

  /** A page of the node's own origin, as behind one balancer with it. */
  private static void show(Browser.Tab tab, String html) throws IOException {
    String text = dev.broadcast.testing.Http.toJson(html);
    tab.run("document.open(); document.write(" + text + "); document.close()");
  }

  private static void publish(String topic, String type, Object data) throws IOException {
    Map<String, Object> message =
        type == null
            ? Map.of("topic", topic, "data", data)
            : Map.of("topic", topic, "type", type, "data", data);
    var answer = cluster.http().post(cluster.uri(1), "/events", message, Map.of());
    assertEquals(200, answer.status(), answer.text());
  }

  private static void awaitListener(String topic) throws IOException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (cluster
        .http()
        .get(cluster.uri(1), "/connections?topic=" + topic)
        .json()
        .path("connections")
        .isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("nobody listens to " + topic);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void run(Path work, String... command) throws IOException {
    try (Program program = new Program(work, List.of(command))) {
      assertEquals(0, program.awaitExit(), program.said());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** A program of somebody else's. */
  private static final class Program implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final List<String> command;

    Program(Path work, List<String> command) throws IOException {
      this.command = command;
      log = Files.createTempFile(directory, "program", ".log");
      process =
          new ProcessBuilder(command)
              .directory(work.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    }

    String said() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void await(String text) {
      long end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
      while (!said().contains(text)) {
        if (System.nanoTime() > end) {
          throw new AssertionError("no '" + text + "' from " + command + ":\n" + said());
        }
        LockSupport.parkNanos(20_000_000);
      }
    }

    int awaitExit() {
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          throw new AssertionError(command + " does not end:\n" + said());
        }
        return process.exitValue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Kills it: whatever it had not kept is lost. */
    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
