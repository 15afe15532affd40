package dev.broadcast.loadtest.faults;

import static dev.broadcast.loadtest.faults.Fault.harmless;

import java.io.IOException;
import java.util.List;

/** What is done to a running Redis by commands: by operators, neighbours and its own limits. */
final class RedisSettingFaults {
  private RedisSettingFaults() {}

  static List<Fault> all() {
    return List.of(
        harmless(
            "redis-pubsub-cut", "CLIENT KILL TYPE pubsub", 0, 0, RedisSettingFaults::cutPubSub),
        harmless(
            "redis-clients-cut", "CLIENT KILL TYPE normal", 0, 0, RedisSettingFaults::cutClients),
        harmless("redis-sleep", "DEBUG SLEEP", 300, 5_000, RedisSettingFaults::sleep),
        harmless(
            "redis-readonly",
            "REPLICAOF nobody, then a master again",
            300,
            3_000,
            RedisSettingFaults::readOnly),
        harmless(
            "redis-oom",
            "maxmemory reached, noeviction",
            300,
            3_000,
            RedisSettingFaults::outOfMemory),
        new Fault(
            "redis-evict",
            "maxmemory reached, allkeys-lru: any of our keys may go",
            Loss.ANY,
            300,
            1_500,
            RedisSettingFaults::evict),
        new Fault(
            "redis-del-stream",
            "DEL of a topic's stream",
            Loss.HISTORY,
            0,
            0,
            RedisSettingFaults::deleteStream),
        new Fault(
            "redis-del-log",
            "DEL of the shard's log",
            Loss.HISTORY,
            0,
            0,
            RedisSettingFaults::deleteLog),
        new Fault(
            "redis-del-state",
            "DEL of the shard's state",
            Loss.ANY,
            0,
            0,
            RedisSettingFaults::deleteState),
        new Fault("redis-flush", "FLUSHALL", Loss.ANY, 0, 0, RedisSettingFaults::flush),
        harmless("redis-scripts-flush", "SCRIPT FLUSH", 0, 0, RedisSettingFaults::flushScripts),
        harmless(
            "redis-password",
            "another password, all clients cut",
            300,
            3_000,
            RedisSettingFaults::password));
  }

  private static void cutPubSub(Scene scene, Step step) throws IOException {
    scene.redis().call("CLIENT", "KILL", "TYPE", "pubsub");
  }

  private static void cutClients(Scene scene, Step step) throws IOException {
    scene.redis().call("CLIENT", "KILL", "TYPE", "normal");
  }

  private static void sleep(Scene scene, Step step) throws IOException {
    scene.redis().call("DEBUG", "SLEEP", String.valueOf(step.lengthMillis() / 1000.0));
  }

  /** A replica of nobody keeps its data and refuses writes; a promotion gives it another id. */
  private static void readOnly(Scene scene, Step step) throws IOException, InterruptedException {
    scene.redis().call("REPLICAOF", "127.0.0.1", "1");
    scene.last(step);
    scene.redis().call("REPLICAOF", "NO", "ONE");
  }

  private static void outOfMemory(Scene scene, Step step) throws IOException, InterruptedException {
    scene.redis().call("CONFIG", "SET", "maxmemory", "1");
    scene.last(step);
    scene.redis().call("CONFIG", "SET", "maxmemory", "0");
  }

  private static void evict(Scene scene, Step step) throws IOException, InterruptedException {
    RedisProcess redis = scene.redis();
    redis.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    String info = String.valueOf(redis.call("INFO", "memory"));
    long used = Long.parseLong(info.replaceAll("(?s).*used_memory:(\\d+).*", "$1"));
    redis.call("CONFIG", "SET", "maxmemory", String.valueOf(used - 100_000));
    scene.last(step);
    redis.call("CONFIG", "SET", "maxmemory", "0");
    redis.call("CONFIG", "SET", "maxmemory-policy", "noeviction");
  }

  private static void deleteStream(Scene scene, Step step) throws IOException {
    List<String> streams = scene.redis().keys("*:t:*");
    delete(scene, streams.get(step.random().nextInt(streams.size())));
  }

  private static void deleteLog(Scene scene, Step step) throws IOException {
    delete(scene, scene.redis().keys("*:log").get(0));
  }

  private static void deleteState(Scene scene, Step step) throws IOException {
    delete(scene, scene.redis().keys("*:state").get(0));
  }

  /** While all who would miss it are away: nobody listens, so only history can tell them. */
  private static void delete(Scene scene, String key) throws IOException {
    scene.clients().forEach(StreamClient::cut);
    scene.redis().call("DEL", key);
  }

  private static void flush(Scene scene, Step step) throws IOException {
    scene.redis().call("FLUSHALL");
  }

  private static void flushScripts(Scene scene, Step step) throws IOException {
    scene.redis().call("SCRIPT", "FLUSH");
  }

  private static void password(Scene scene, Step step) throws IOException, InterruptedException {
    try (Resp resp = new Resp(scene.redis().port())) {
      resp.call("CONFIG", "SET", "requirepass", "changed");
      resp.call("AUTH", "changed");
      resp.call("CLIENT", "KILL", "TYPE", "pubsub");
      resp.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      scene.last(step);
      resp.call("CONFIG", "SET", "requirepass", "");
    }
  }
}
