package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A Redis without persistence for a server that leans on one; runs beside the client, uncharged.
 */
final class RedisServer implements AutoCloseable {
  private final Child child;
  private final int port;

  private RedisServer(Child child, int port) {
    this.child = child;
    this.port = port;
  }

  static Optional<String> missing() {
    return Programs.find("redis-server").isPresent()
        ? Optional.empty()
        : Optional.of("redis-server on the path (Debian: apt install redis-server)");
  }

  static RedisServer start(Surroundings surroundings) throws IOException {
    return start("redis", surroundings);
  }

  /** One of several, each with a log of its own. */
  static RedisServer start(String name, Surroundings surroundings) throws IOException {
    int port = Child.freePort();
    List<String> command =
        List.of(
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            String.valueOf(port),
            "--save",
            "",
            "--appendonly",
            "no");
    Child child = Child.start(name, surroundings.pinning().other(command), surroundings.work());
    child.awaitPort(port);
    return new RedisServer(child, port);
  }

  String url() {
    return "redis://127.0.0.1:" + port;
  }

  Child child() {
    return child;
  }

  @Override
  public void close() {
    child.close();
  }
}
