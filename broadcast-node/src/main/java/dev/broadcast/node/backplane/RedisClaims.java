package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import dev.broadcast.node.backplane.Roster.Claim;
import dev.broadcast.node.backplane.Roster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection ids that this node holds, in Redis and beside it: what Redis forgot, or what was
 * granted while it was away, is claimed again. Only on the hub thread.
 */
final class RedisClaims {
  /** A client that waits for its stream must not wait for Redis. */
  private static final Duration WITHIN = Duration.ofSeconds(1);

  private static final int ATTEMPTS = 4;
  private static final RedisScript CLAIM = RedisScript.load("claim");

  private final RedisKeys keys;
  private final String incarnation;
  private final byte[] life;
  private final RedisLink link;
  private final HubThread hubThread;
  private final Supplier<List<Member>> members;
  private final Consumer<Runnable> refreshMembers;
  private final Consumer<String> lost;
  private final Map<String, String> mine = new HashMap<>();

  /** Streams of this node by the id that was granted to them: one and those that give way to it. */
  private final Map<String, Integer> streams = new HashMap<>();

  private final Map<String, Integer> underWay = new HashMap<>();
  private final Set<String> releasedMeanwhile = new HashSet<>();
  private boolean incomplete;

  /**
   * @param refreshMembers renews the lease, then runs what it is given
   * @param lost told of a claim that is another's now
   */
  RedisClaims(
      RedisKeys keys,
      String incarnation,
      Duration life,
      RedisLink link,
      HubThread hubThread,
      Supplier<List<Member>> members,
      Consumer<Runnable> refreshMembers,
      Consumer<String> lost) {
    this.keys = keys;
    this.incarnation = incarnation;
    this.life = bytes(life.toMillis());
    this.link = link;
    this.hubThread = hubThread;
    this.members = members;
    this.refreshMembers = refreshMembers;
    this.lost = lost;
  }

  void claim(String id, String credential, boolean takeover, CompletableFuture<Claim> result) {
    underWay.merge(id, 1, Integer::sum);
    hubThread.later(
        WITHIN,
        () -> {
          if (!result.isDone()) {
            finish(id, credential, claimAlone(id, credential, takeover), result);
          }
        });
    attempt(id, credential, takeover, result, ATTEMPTS);
  }

  void release(String id) {
    if (streams.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1) != null) {
      return; // It had given way already, and the other's claim stays.
    }
    if (underWay.containsKey(id)) {
      releasedMeanwhile.add(id); // The newer claim decides; it may be answered already.
      return;
    }
    if (mine.remove(id) != null) {
      link.delete(keys.claims(incarnation), bytes(id));
    }
  }

  /** Another node took it over. */
  void takenOver(String id) {
    if (mine.remove(id) != null) {
      lost.accept(id);
    }
  }

  /** The lease was renewed: so many claims does Redis know of. */
  void renewed(long known) {
    if (underWay.isEmpty() && (incomplete || known < mine.size())) {
      incomplete = false;
      Map.copyOf(mine).forEach(this::claimAgain);
    }
  }

  void clear() {
    mine.clear();
  }

  private void attempt(
      String id,
      String credential,
      boolean takeover,
      CompletableFuture<Claim> result,
      int attempts) {
    run(
        id,
        credential,
        takeover,
        answer -> {
          if (result.isDone()) {
            return;
          }
          switch (answer == null ? "" : RedisReply.text(answer.get(0))) {
            case "GRANTED" -> finish(id, credential, Claim.GRANTED, result);
            case "TAKEN_OVER" -> {
              if (answer != null && RedisReply.text(answer.get(1)).equals(incarnation)) {
                lost.accept(id);
              }
              finish(id, credential, Claim.TAKEN_OVER, result);
            }
            case "FOREIGN" -> finish(id, credential, Claim.FOREIGN, result);
            case "HELD" -> {
              if (releasedMeanwhile.remove(id)) {
                attempt(id, credential, true, result, attempts - 1); // It was our own, just gone.
              } else {
                finish(id, credential, Claim.HELD, result);
              }
            }
            case "MEMBERS" -> {
              if (attempts > 1) {
                refreshMembers.accept(
                    () -> attempt(id, credential, takeover, result, attempts - 1));
              } else {
                finish(id, credential, claimAlone(id, credential, takeover), result);
              }
            }
            default -> finish(id, credential, claimAlone(id, credential, takeover), result);
          }
        });
  }

  private void finish(
      String id, String credential, Claim outcome, CompletableFuture<Claim> result) {
    underWay.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    if (!underWay.containsKey(id)) {
      releasedMeanwhile.remove(id);
    }
    if (outcome == Claim.GRANTED || outcome == Claim.TAKEN_OVER) {
      mine.put(id, credential);
      streams.merge(id, 1, Integer::sum);
    }
    result.complete(outcome);
  }

  /** Redis is away: only this node's own connections are known. */
  private Claim claimAlone(String id, String credential, boolean takeover) {
    incomplete = true;
    String holder = mine.get(id);
    if (holder == null) {
      return Claim.GRANTED;
    }
    if (!holder.equals(credential)) {
      return Claim.FOREIGN;
    }
    if (!takeover) {
      return Claim.HELD;
    }
    lost.accept(id);
    return Claim.TAKEN_OVER;
  }

  private void claimAgain(String id, String credential) {
    run(
        id,
        credential,
        false,
        answer -> {
          if (answer == null || RedisReply.text(answer.get(0)).equals("MEMBERS")) {
            incomplete = true;
          } else if (answer.size() > 1 && !RedisReply.text(answer.get(1)).equals(incarnation)) {
            takenOver(id);
          } else if (!mine.containsKey(id)) {
            link.delete(keys.claims(incarnation), bytes(id)); // Released meanwhile.
          }
        });
  }

  private void run(
      String id, String credential, boolean takeover, Consumer<@Nullable List<Object>> then) {
    List<byte[]> names = new ArrayList<>(List.of(keys.nodes(), keys.claims(incarnation)));
    List<byte[]> arguments =
        new ArrayList<>(
            List.of(
                bytes(id),
                bytes(credential),
                bytes(takeover ? "y" : ""),
                life,
                bytes(keys.inbox()),
                bytes(incarnation)));
    for (Member member : members.get()) {
      if (!member.incarnation().equals(incarnation)) {
        names.add(keys.claims(member.incarnation()));
        arguments.add(bytes(member.incarnation()));
      }
    }
    link.command(
        CLAIM,
        names.toArray(byte[][]::new),
        arguments.toArray(byte[][]::new),
        (reply, failure) -> then.accept(reply));
  }
}
