package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The master that sentinels agreed on. All are asked at once; of what the first majority says, the
 * latest agreement counts: any later one was made by a majority, too, so it is among them. Only on
 * the hub thread.
 */
final class SentinelLocator implements RedisLocator {
  private final RedisAsker asker;
  private final RedisTopology topology;
  private final List<RedisAddress> sentinels;
  private @Nullable CompletableFuture<RedisAddress> underWay;

  SentinelLocator(RedisAsker asker, RedisTopology topology, @Nullable String sentinelPassword) {
    this.asker = asker;
    this.topology = topology;
    this.sentinels =
        topology.servers().stream()
            .map(s -> new RedisAddress(s.host(), s.port(), s.tls(), 0, null, sentinelPassword))
            .toList();
  }

  @Override
  public CompletionStage<RedisAddress> locate() {
    CompletableFuture<RedisAddress> asked = underWay;
    if (asked == null) {
      asked = new CompletableFuture<>();
      underWay = asked;
      var poll = new Poll(asked);
      List<String> words = List.of("MASTER", topology.master());
      for (RedisAddress sentinel : sentinels) {
        asker.ask(sentinel, CommandType.SENTINEL, words, poll);
      }
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

  private final class Poll implements RedisAsker.Answer {
    private final CompletableFuture<RedisAddress> result;
    private final List<String> unknown = new ArrayList<>();
    private int done;
    private int answers;
    private long epoch = -1;
    private @Nullable RedisAddress master;
    private @Nullable Throwable failed;

    private Poll(CompletableFuture<RedisAddress> result) {
      this.result = result;
    }

    @Override
    public void take(@Nullable List<Object> reply, @Nullable Throwable failure) {
      done++;
      if (reply != null) {
        heard(reply);
      } else if (isUnknownMaster(failure)) {
        unknown.add(topology.master());
      } else {
        failed = failure;
      }
      if (answers > sentinels.size() / 2 || done == sentinels.size()) {
        finish();
      }
    }

    private void heard(List<Object> reply) {
      Map<String, String> fields = new HashMap<>();
      for (int i = 0; i + 1 < reply.size(); i += 2) {
        fields.put(RedisReply.text(reply.get(i)), RedisReply.text(reply.get(i + 1)));
      }
      String host = fields.getOrDefault("ip", "");
      String port = fields.getOrDefault("port", "");
      long agreed = Long.parseLong(fields.getOrDefault("config-epoch", "0"));
      answers++;
      if (agreed > epoch && !host.isEmpty() && !port.isEmpty()) {
        epoch = agreed;
        master = topology.servers().get(0).at(host, Integer.parseInt(port));
      }
    }

    private void finish() {
      if (underWay == result) {
        underWay = null;
      }
      if (master != null) {
        result.complete(master);
      } else if (!unknown.isEmpty()) {
        result.completeExceptionally(
            new WrongTopologyException(
                "--redis-url: the sentinels watch no master called " + topology.master()));
      } else {
        result.completeExceptionally(
            failed == null ? new BackplaneException("no sentinel answered") : failed);
      }
    }
  }

  private static boolean isUnknownMaster(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException
          && String.valueOf(cause.getMessage()).contains("No such master")) {
        return true;
      }
    }
    return false;
  }
}
