package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The master that sentinels agreed on. All are asked at once; of what the first majority says, the
 * latest agreement counts. The one that leads a failover spreads the outcome by gossip, so even a
 * majority may still lack what this node has heard before: that is believed for a while. Only on
 * the hub thread.
 */
final class SentinelLocator implements RedisLocator {
  /** Sentinels tell each other every 2 s what they agreed on. */
  private static final long BELIEVED = TimeUnit.SECONDS.toNanos(10);

  private final Asker asker;
  private final RedisTopology topology;
  private final int waitReplicas;
  private final List<RedisAddress> sentinels;
  private @Nullable CompletableFuture<RedisAddress> underWay;
  private @Nullable Agreement latest;
  private long heardAt;

  /** Puts a question to a server; answered on the hub thread. */
  interface Asker {
    void ask(
        RedisAddress server, CommandType command, List<String> words, RedisAsker.Answer answer);
  }

  /**
   * What a sentinel says.
   *
   * @param epoch counts the agreements
   */
  private record Agreement(long epoch, RedisAddress master) {}

  SentinelLocator(Asker asker, RedisTopology topology, RedisSettings redis) {
    this.asker = asker;
    this.topology = topology;
    this.waitReplicas = redis.waitReplicas();
    this.sentinels =
        topology.servers().stream()
            .map(
                s ->
                    new RedisAddress(
                        s.host(), s.port(), s.tls(), 0, null, redis.sentinelPassword()))
            .toList();
  }

  @Override
  public CompletionStage<RedisAddress> locate() {
    CompletableFuture<RedisAddress> asked = underWay;
    if (asked == null) {
      asked = new CompletableFuture<>();
      underWay = asked;
      var poll = new Poll(asked);
      sentinels.forEach(poll::ask);
    }
    return asked;
  }

  @Override
  public boolean isWatched() {
    return true;
  }

  @Override
  public boolean moved(String error, RedisAddress from) {
    return false;
  }

  /** What is heard last is right, unless it is older than what was heard a moment ago. */
  private RedisAddress believe(Agreement best) {
    long now = System.nanoTime();
    Agreement before = latest;
    if (before != null && before.epoch > best.epoch && now - heardAt < BELIEVED) {
      return before.master;
    }
    latest = best;
    heardAt = now;
    return best.master;
  }

  private final class Poll {
    private final CompletableFuture<RedisAddress> result;
    private int done;
    private int answers;
    private @Nullable Agreement best;
    private @Nullable Throwable failed;

    private Poll(CompletableFuture<RedisAddress> result) {
      this.result = result;
    }

    private void ask(RedisAddress sentinel) {
      asker.ask(
          sentinel,
          CommandType.SENTINEL,
          List.of("MASTER", topology.master()),
          (reply, failure) -> heard(sentinel, fields(reply), failure));
    }

    private void heard(
        RedisAddress sentinel, Map<String, String> fields, @Nullable Throwable failure) {
      if (failure != null) {
        done(null, mistake(sentinel, failure));
      } else if (latest == null && replicas(fields) < waitReplicas) {
        done(
            null,
            new WrongTopologyException(
                "--redis-wait-replicas: the sentinels know fewer replicas, %d, than the %d to wait for"
                    .formatted(replicas(fields), waitReplicas)));
      } else if (fields.getOrDefault("flags", "").contains("failover_in_progress")) {
        askForPromoted(sentinel, epoch(fields));
      } else {
        done(agreement(epoch(fields), fields.get("ip"), fields.get("port")), null);
      }
    }

    /**
     * The leader of a failover still shows the old address, under the new epoch already, until all
     * replicas follow the new master; only this question is answered with the new one. The epoch is
     * asked for again, since it may have been raised in between.
     */
    private void askForPromoted(RedisAddress sentinel, long epoch) {
      asker.ask(
          sentinel,
          CommandType.SENTINEL,
          List.of("GET-MASTER-ADDR-BY-NAME", topology.master()),
          (address, failure) -> {
            if (failure != null || address == null || address.size() < 2) {
              done(null, failure);
              return;
            }
            String host = RedisReply.text(address.get(0));
            String port = RedisReply.text(address.get(1));
            asker.ask(
                sentinel,
                CommandType.SENTINEL,
                List.of("MASTER", topology.master()),
                (reply, why) -> {
                  long after = epoch(fields(reply));
                  if (why == null && after != epoch) {
                    heard(sentinel, fields(reply), null);
                  } else {
                    done(agreement(epoch, host, port), why);
                  }
                });
          });
    }

    private @Nullable Agreement agreement(
        long epoch, @Nullable String host, @Nullable String port) {
      return host == null || host.isEmpty() || port == null || port.isEmpty()
          ? null
          : new Agreement(epoch, topology.servers().get(0).at(host, Integer.parseInt(port)));
    }

    private void done(@Nullable Agreement said, @Nullable Throwable failure) {
      done++;
      if (said != null && failure == null) {
        answers++;
        Agreement other = best;
        best = other == null || said.epoch > other.epoch ? said : other;
      } else if (!(failed instanceof WrongTopologyException)) {
        failed = failure;
      }
      if (underWay == result && (answers > sentinels.size() / 2 || done == sentinels.size())) {
        finish();
      }
    }

    private void finish() {
      underWay = null;
      Agreement found = best;
      if (found != null) {
        result.complete(believe(found));
      } else {
        result.completeExceptionally(
            failed == null ? new BackplaneException("no sentinel answered") : failed);
      }
    }
  }

  private static Map<String, String> fields(@Nullable List<Object> reply) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; reply != null && i + 1 < reply.size(); i += 2) {
      fields.put(RedisReply.text(reply.get(i)), RedisReply.text(reply.get(i + 1)));
    }
    return fields;
  }

  private static long epoch(Map<String, String> fields) {
    return Long.parseLong(fields.getOrDefault("config-epoch", "0"));
  }

  private static int replicas(Map<String, String> fields) {
    return Integer.parseInt(fields.getOrDefault("num-slaves", "0"));
  }

  /** What will not be better the next time says so. */
  private Throwable mistake(RedisAddress sentinel, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      if (!(cause instanceof RedisCommandExecutionException)) {
        continue;
      }
      if (text.contains("No such master")) {
        return new WrongTopologyException(
            "--redis-url: the sentinels watch no master called " + topology.master());
      }
      if (text.contains("unknown command")) {
        return new WrongTopologyException("--redis-url: " + sentinel + " is no sentinel");
      }
      if (text.contains("WRONGPASS") || text.contains("NOAUTH")) {
        return new WrongTopologyException(
            "--redis-sentinel-password: the sentinel " + sentinel + " refuses it or asks for one");
      }
    }
    return failure;
  }
}
