package dev.broadcast.loadtest.faults;

import static dev.broadcast.loadtest.faults.Fault.harmless;

import java.util.List;

/** What happens between programs: every way goes through a {@link Proxy}. */
final class NetworkFaults {
  private NetworkFaults() {}

  /** Between nodes and a single Redis. */
  static List<Fault> toRedis() {
    return List.of(
        harmless(
            "redis-net-cut",
            "RST on all connections of a node to Redis, none let in for a while",
            0,
            3_000,
            (scene, step) -> cut(scene, step, scene.redisLink(step.node()))),
        harmless(
            "redis-net-half-open",
            "between a node and Redis bytes vanish without RST; the connections stay dead",
            500,
            6_000,
            (scene, step) -> vanish(scene, step, scene.redisLink(step.node()))),
        harmless(
            "redis-net-answers-lost",
            "what a node asks reaches Redis, its answers vanish, then RST; again and again",
            2_000,
            4_000,
            NetworkFaults::loseAnswers),
        harmless(
            "redis-net-slow",
            "between a node and Redis each piece takes 20 to 200 ms",
            1_000,
            4_000,
            (scene, step) -> slow(scene, step, scene.redisLink(step.node()))),
        harmless(
            "redis-net-reordered",
            "a node's connections to Redis are cut, and come back in any order, late",
            1_000,
            3_000,
            NetworkFaults::reorder));
  }

  /** Between clients and nodes. */
  static List<Fault> toClients() {
    return List.of(
        harmless(
            "client-net-cut",
            "RST on all connections to a node, none let in for a while",
            0,
            3_000,
            (scene, step) -> cut(scene, step, scene.clientLink(step.node()))),
        harmless(
            "client-net-half-open",
            "between clients and a node bytes vanish without RST; the connections stay dead",
            500,
            6_000,
            (scene, step) -> vanish(scene, step, scene.clientLink(step.node()))),
        harmless(
            "client-net-slow",
            "between clients and a node each piece takes 20 to 200 ms",
            1_000,
            4_000,
            (scene, step) -> slow(scene, step, scene.clientLink(step.node()))));
  }

  private static void cut(Scene scene, Step step, Proxy proxy) throws InterruptedException {
    proxy.refuse(true);
    proxy.cut();
    scene.last(step);
    proxy.refuse(false);
  }

  private static void vanish(Scene scene, Step step, Proxy proxy) throws InterruptedException {
    proxy.vanish(true);
    scene.last(step);
    proxy.vanish(false);
  }

  private static void loseAnswers(Scene scene, Step step) throws InterruptedException {
    Proxy proxy = scene.redisLink(step.node());
    // Each time it concerns what is under way at that moment, and that is one script.
    for (int left = step.lengthMillis(); left > 0; left -= 300) {
      proxy.loseAnswers(true);
      Thread.sleep(100);
      proxy.cut();
      proxy.loseAnswers(false);
      Thread.sleep(200);
    }
  }

  private static void slow(Scene scene, Step step, Proxy proxy) throws InterruptedException {
    proxy.slow(20 + step.random().nextInt(180));
    scene.last(step);
    proxy.slow(0);
  }

  private static void reorder(Scene scene, Step step) throws InterruptedException {
    Proxy proxy = scene.redisLink(step.node());
    proxy.delayConnections(1_000, step.random());
    proxy.cut();
    scene.last(step);
    proxy.cut();
    scene.last(step);
    proxy.delayConnections(0, step.random());
  }
}
