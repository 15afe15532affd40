package dev.broadcast.node.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server is what the settings take it for. Looked at on every connection for scripts
 * before anything is written there: what cannot work ends the start with one line.
 */
final class ServerCheck {
  private static final Pattern VERSION = Pattern.compile("redis_version:((\\d+)\\.(\\d+)\\S*)");
  private static final Pattern MODE = Pattern.compile("(?:redis|server)_mode:(\\w+)");
  private static final Pattern ROLE = Pattern.compile("role:(\\w+)");
  private static final Pattern REPLICAS = Pattern.compile("connected_slaves:(\\d+)");

  private final RedisTopology.Kind kind;
  private final int waitReplicas;
  private final @Nullable RedisPlace place;

  /** A replica, or one without replicas, is a mistake at first; later it is a failover. */
  private volatile boolean passed;

  /**
   * A check.
   *
   * @param place what the server is among several; null if it is not
   */
  ServerCheck(RedisTopology.Kind kind, int waitReplicas, @Nullable RedisPlace place) {
    this.kind = kind;
    this.waitReplicas = waitReplicas;
    this.place = place;
  }

  /**
   * Looks.
   *
   * @param answer on the driver's thread: nothing if all is well; {@link WrongTopologyException} if
   *     it never will be; or what kept it from looking
   */
  void check(
      StatefulRedisConnection<byte[], byte[]> connection,
      RedisAddress at,
      Consumer<@Nullable Throwable> answer) {
    var server = connection.async().info("server");
    var replication = connection.async().info("replication");
    var unused =
        server
            .thenCombine(replication, (first, second) -> mistake(at, first + '\n' + second))
            .whenComplete(
                (mistake, failure) -> {
                  if (failure != null) {
                    answer.accept(
                        failure instanceof CompletionException && failure.getCause() != null
                            ? failure.getCause()
                            : failure);
                  } else if (!mistake.isEmpty()) {
                    answer.accept(new WrongTopologyException(mistake));
                  } else {
                    passed = true;
                    if (place == null) {
                      answer.accept(null);
                    } else {
                      place.check(connection, at, answer);
                    }
                  }
                });
  }

  /** What is wrong with it, by its own words; empty if nothing is. */
  String mistake(RedisAddress at, String info) {
    String mode = found(MODE, info);
    String role = found(ROLE, info);
    String replicas = found(REPLICAS, info);
    if (isTooOld(info)) {
      return "--redis-url: %s is Redis %s: 6.2 or newer expected".formatted(at, version(info));
    }
    if (mode.equals("sentinel")) {
      return "--redis-url: %s is a sentinel: redis-sentinel://%s?master=NAME expected"
          .formatted(at, at);
    }
    boolean fixed = kind == RedisTopology.Kind.ONE || kind == RedisTopology.Kind.SEVERAL;
    if (fixed && mode.equals("cluster")) {
      return "--redis-url: %s is part of a Cluster: redis-cluster:// expected".formatted(at);
    }
    if (passed || !fixed) {
      return "";
    }
    if (role.equals("slave")) {
      return "--redis-url: %s is a replica: its master expected, or redis-sentinel://"
          .formatted(at);
    }
    if (waitReplicas > 0 && !replicas.isEmpty() && Integer.parseInt(replicas) < waitReplicas) {
      return "--redis-wait-replicas: %s has fewer replicas, %s, than the %d to wait for"
          .formatted(at, replicas, waitReplicas);
    }
    return "";
  }

  private static boolean isTooOld(String info) {
    Matcher version = VERSION.matcher(info);
    if (!version.find()) {
      return false;
    }
    int major = Integer.parseInt(version.group(2));
    return major < 6 || (major == 6 && Integer.parseInt(version.group(3)) < 2);
  }

  private static String version(String info) {
    return found(VERSION, info);
  }

  private static String found(Pattern pattern, String info) {
    Matcher found = pattern.matcher(info);
    return found.find() ? found.group(1) : "";
  }
}
