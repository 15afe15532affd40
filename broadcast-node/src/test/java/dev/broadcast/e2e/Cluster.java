package dev.broadcast.e2e;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.Ports;
import dev.broadcast.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Nodes at fixed ports around a Redis of their own. One thread at a time. */
final class Cluster implements AutoCloseable {

  private static final String PUBLISH_KEY = "only-for-tests";
  private static final Duration READY_WITHIN = Duration.ofSeconds(20);

  private final RedisServer redis;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<URI> uris = new ArrayList<>();
  private final Http http;

  private Cluster(RedisServer redis, String key) {
    this.redis = redis;
    this.http = new Http(key);
  }

  /**
   * Starts Redis (append-only, every write on disk before its answer) and the nodes; returns when
   * all are ready.
   *
   * @param flags for every node
   */
  static Cluster start(Path directory, int size, String... flags) {
    List<String> all = new ArrayList<>(List.of("--publish-key", PUBLISH_KEY));
    all.addAll(List.of(flags));
    return start(directory, size, PUBLISH_KEY, all);
  }

  /** The same without any key, as on somebody's own machine. */
  static Cluster startOpen(Path directory, int size) {
    return start(directory, size, "", List.of());
  }

  private static Cluster start(Path directory, int size, String key, List<String> flags) {
    var cluster =
        new Cluster(RedisServer.start(directory.resolve("redis"), RedisServer.Fsync.ALWAYS), key);
    try {
      for (int i = 0; i < size; i++) {
        var all = new ArrayList<>(List.of("--host", "127.0.0.1"));
        all.addAll(List.of("--port", Integer.toString(Ports.free())));
        all.addAll(List.of("--redis-url", cluster.redis.url()));
        all.addAll(flags);
        cluster.nodes.add(NodeProcess.launch(all));
      }
      for (NodeProcess node : cluster.nodes) {
        cluster.uris.add(node.uri());
      }
      cluster.uris.forEach(cluster::awaitReady);
      return cluster;
    } catch (RuntimeException | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  RedisServer redis() {
    return redis;
  }

  NodeProcess node(int index) {
    return nodes.get(index);
  }

  URI uri(int index) {
    return uris.get(index);
  }

  /** Where the nodes listen, dead or alive. */
  List<URI> uris() {
    return List.copyOf(uris);
  }

  Http http() {
    return http;
  }

  Publisher publisher(String name, int firstNode, Ledger ledger) {
    return new Publisher(name, uris(), firstNode, http, ledger);
  }

  /** Starts a dead node again, at the same port; returns when it is ready. */
  void revive(int index) {
    nodes.get(index).close();
    nodes.set(index, nodes.get(index).again());
    awaitReady(uris.get(index));
  }

  /** Waits until every node's readiness holds. */
  void awaitReady() {
    uris.forEach(this::awaitReady);
  }

  private void awaitReady(URI node) {
    awaitHealth(node, "/health/ready", 200, READY_WITHIN);
  }

  /** Waits until a node's health check answers with this status. */
  void awaitHealth(URI node, String target, int status, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    String last = "nothing";
    do {
      try {
        Http.Answer answer = http.get(node, target);
        if (answer.status() == status) {
          return;
        }
        last = answer.status() + " " + answer.text();
      } catch (IOException e) {
        last = e.toString();
      }
      LockSupport.parkNanos(10_000_000);
    } while (System.nanoTime() < deadline);
    String said = nodes.get(uris.indexOf(node)).output();
    throw new AssertionError(
        node + target + " did not answer " + status + ", last " + last + "; it printed:\n" + said);
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
    redis.close();
  }
}
