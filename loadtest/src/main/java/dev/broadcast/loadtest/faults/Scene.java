package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.faults.StreamClient.Plan;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Redis, nodes, clients and publishers, with a {@link Proxy} on each way: from clients and
 * publishers to each node, from each node to Redis. Where sentinels or a Cluster name the way to
 * Redis there is none on it. One thread.
 */
final class Scene implements Closeable {
  private static final List<String> TOPICS = List.of("t0", "t1", "t2", "t3", "t4");
  private static final int PUBLISHERS = 4;
  private static final Duration SOON = Duration.ofSeconds(90);

  /**
   * What it is made of.
   *
   * @param shape what Redis
   * @param command how the packaged node is run, up to its flags
   * @param work where logs and data go
   * @param pauseMillis between two publishes of each publisher
   */
  record Cast(
      Shape shape, List<String> command, Path work, int nodes, int clients, long pauseMillis) {}

  private final Shape shape;
  private final Store store;
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Proxy> redisLinks = new ArrayList<>();
  private final List<Proxy> clientLinks = new ArrayList<>();
  private final List<StreamClient> clients = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final Ledger ledger = new Ledger();
  private final Traffic traffic;
  private final Publisher marker;

  Scene(Cast plan, long seed) throws IOException, InterruptedException {
    shape = plan.shape();
    store = shape.start(plan.work());
    traffic = new Traffic(TOPICS, ledger, plan.pauseMillis());
    try {
      for (int i = 0; i < plan.nodes(); i++) {
        List<String> program = new ArrayList<>(plan.command());
        program.addAll(FLAGS);
        program.addAll(store.flags());
        if (store instanceof RedisProcess redis) {
          Proxy link = new Proxy(redis.port());
          redisLinks.add(link);
          program.addAll(List.of("--redis-url", "redis://127.0.0.1:" + link.address().getPort()));
        }
        NodeProcess node = new NodeProcess("node-" + (i + 1), program, plan.work());
        nodes.add(node);
        node.start();
        clientLinks.add(new Proxy(node.address().getPort()));
      }
      for (NodeProcess node : nodes) {
        node.awaitReady();
      }
      List<InetSocketAddress> addresses = clientLinks.stream().map(Proxy::address).toList();
      marker = new Publisher(KEY, addresses, 0, ledger);
      for (int i = 0; i < plan.clients(); i++) {
        clients.add(new StreamClient(client(i), addresses, i));
      }
      await("every client is connected", () -> clients.stream().allMatch(StreamClient::connected));
      for (int i = 1; i <= PUBLISHERS; i++) {
        Publisher publisher = new Publisher(KEY, addresses, i, ledger);
        publishers.add(publisher);
        traffic.add("p" + i, publisher, seed + i);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  static final String KEY = "only-for-the-fault-suite";

  private static final List<String> FLAGS =
      List.of(
          "--host",
          "127.0.0.1",
          "--publish-key",
          KEY,
          "--heartbeat",
          "1s",
          "--drain",
          "5s",
          "--history-size",
          "20000",
          "--ring-size",
          "4MiB");

  /** On one topic, two or all; some with filters, some with tiny buffers. */
  private static Plan client(int i) {
    int own = i % TOPICS.size();
    Set<String> topics =
        switch (i % 6) {
          case 0 -> new LinkedHashSet<>(TOPICS);
          case 1 ->
              new LinkedHashSet<>(List.of(TOPICS.get(own), TOPICS.get((own + 1) % TOPICS.size())));
          default -> Set.of(TOPICS.get(own));
        };
    return new Plan(
        "c" + (i + 1),
        topics,
        i % 10 == 3 ? "update" : "",
        i % 10 == 7 ? "u1" : "",
        i % 7 == 5,
        i % 8 == 4 ? 4096 : 0);
  }

  Store store() {
    return store;
  }

  int shards() {
    return shape.shards();
  }

  /** Where there is one. */
  RedisProcess redis() {
    return (RedisProcess) store;
  }

  /** Where there are some. */
  Sentinels sentinels() {
    return (Sentinels) store;
  }

  /** Where there is one. */
  Cluster cluster() {
    return (Cluster) store;
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  NodeProcess node(Step step) {
    return nodes.get(step.node());
  }

  /** Between a node and Redis. */
  Proxy redisLink(int node) {
    return redisLinks.get(node);
  }

  /** Between clients and a node. */
  Proxy clientLink(int node) {
    return clientLinks.get(node);
  }

  List<StreamClient> clients() {
    return clients;
  }

  Ledger ledger() {
    return ledger;
  }

  Traffic traffic() {
    return traffic;
  }

  /** Publishes one message to each topic that comes after everything else. */
  void mark() throws InterruptedException {
    traffic.mark(marker);
  }

  /** Lets a fault last. */
  void last(Step step) throws InterruptedException {
    Thread.sleep(step.lengthMillis());
  }

  /** Ends what dead connections the networks still hold. */
  void bury() {
    redisLinks.forEach(Proxy::bury);
    clientLinks.forEach(Proxy::bury);
  }

  /** Spreads clients and publishers over the nodes again; publishers rest. */
  void spread() throws IOException, InterruptedException {
    clients.forEach(StreamClient::goHome);
    publishers.forEach(Publisher::goHome);
    await("every client is at home", () -> clients.stream().allMatch(StreamClient::connected));
  }

  /** A condition to come true. */
  interface Condition {
    boolean holds() throws IOException;
  }

  static void await(String what, Condition condition) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("not within " + SOON.toSeconds() + " s: " + what);
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() throws IOException {
    traffic.stop();
    clients.forEach(StreamClient::close);
    nodes.forEach(NodeProcess::close);
    store.close();
    for (Proxy proxy : redisLinks) {
      proxy.close();
    }
    for (Proxy proxy : clientLinks) {
      proxy.close();
    }
  }
}
