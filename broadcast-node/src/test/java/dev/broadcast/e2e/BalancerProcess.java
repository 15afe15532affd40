package dev.broadcast.e2e;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A real load balancer with the configuration of {@code deploy}, in front of three nodes. */
final class BalancerProcess implements AutoCloseable {
  private static final Duration START_WITHIN = Duration.ofSeconds(10);

  /** Which one. */
  enum Kind {
    HAPROXY("haproxy", "haproxy.cfg", "bind :8080", "bind 127.0.0.1:%d"),
    /** The same, with all streams of a node on a few connections. */
    HAPROXY_HTTP2("haproxy", "haproxy.cfg", "bind :8080", "bind 127.0.0.1:%d"),
    NGINX("nginx", "nginx.conf", "listen 8080", "listen 127.0.0.1:%d");

    private final String program;
    private final String file;
    private final String bind;
    private final String boundTo;

    Kind(String program, String file, String bind, String boundTo) {
      this.program = program;
      this.file = file;
      this.bind = bind;
      this.boundTo = boundTo;
    }

    /** Where it is installed, if it is. */
    Optional<Path> installed() {
      String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin";
      return Stream.of(path.split(File.pathSeparator, -1))
          .map(directory -> Path.of(directory, program))
          .filter(Files::isExecutable)
          .findFirst();
    }
  }

  private final Process process;
  private final Thread reaper;
  private final Path log;
  private final int port;

  private BalancerProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
    reaper = new Thread(process::destroyForcibly, "balancer-reaper");
    Runtime.getRuntime().addShutdownHook(reaper);
  }

  /** Starts it; only addresses, and where nginx keeps its files, are other than in the file. */
  static BalancerProcess start(Kind kind, Path directory, List<URI> nodes) {
    int port = Ports.free();
    try {
      Path shipped = Path.of(System.getProperty("basedir", "."), "..", "deploy", kind.file);
      String text = Files.readString(shipped);
      text = replaced(text, kind.bind, String.format(kind.boundTo, port));
      for (int i = 0; i < nodes.size(); i++) {
        text = replaced(text, "node-" + (char) ('a' + i) + ":8080", nodes.get(i).getAuthority());
      }
      if (kind == Kind.NGINX) {
        StringBuilder paths = new StringBuilder("http {\n");
        for (String what : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
          paths.append(what + "_temp_path " + directory.resolve(what) + ";\n");
        }
        paths.append("access_log off;\n");
        text = replaced(text, "http {", paths.toString());
        // More than this machine may allow.
        text = replaced(text, "worker_rlimit_nofile 400000;", "");
        text = replaced(text, "worker_connections 100000;", "worker_connections 1000;");
      } else {
        text = replaced(text, "maxconn 200000", "maxconn 2000");
        if (kind == Kind.HAPROXY_HTTP2) {
          text = replaced(text, "default-server check", "default-server check proto h2");
          // What HTTP/1.0 lets pass; RFC 9113, section 8.3.1, does not.
          text =
              replaced(
                  text,
                  "option httpchk GET",
                  "option httpchk\n    http-check send hdr Host localhost meth GET uri");
        }
      }
      Path configuration = Files.writeString(directory.resolve(kind.file), text);
      Path log = directory.resolve(kind.program + ".log");
      Process process =
          new ProcessBuilder(command(kind, directory, configuration))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      var balancer = new BalancerProcess(process, log, port);
      balancer.awaitListening();
      return balancer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(Kind kind, Path directory, Path configuration) {
    String program = kind.installed().orElseThrow().toString();
    if (kind != Kind.NGINX) {
      return List.of(program, "-db", "-f", configuration.toString());
    }
    String more = "daemon off; pid " + directory.resolve("nginx.pid") + ";";
    return List.of(
        program,
        "-p",
        directory.toString(),
        "-e",
        "stderr",
        "-c",
        configuration.toString(),
        "-g",
        more);
  }

  private static String replaced(String text, String what, String by) {
    if (!text.contains(what)) {
      throw new AssertionError("no \"" + what + "\" in\n" + text);
    }
    return text.replace(what, by);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What it said. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Waits until a node answers through it. */
  void awaitServing() {
    var http = new Http("");
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    String last = "";
    while (System.nanoTime() < deadline) {
      try {
        Http.Answer answer = http.get(uri(), "/health/ready");
        if (answer.status() == 200) {
          return;
        }
        last = answer.status() + " " + answer.text();
      } catch (IOException e) {
        last = e.toString();
      }
      LockSupport.parkNanos(20_000_000);
    }
    throw new AssertionError("no node answers through it: " + last);
  }

  private void awaitListening() throws IOException {
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          close();
          throw new AssertionError("does not listen: " + Files.readString(log), e);
        }
        LockSupport.parkNanos(10_000_000);
      }
    }
  }

  @Override
  public void close() {
    // SIGTERM, so that nginx' master takes its workers along.
    process.destroy();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The JVM is on its way down and runs the hook itself.
    }
  }
}
