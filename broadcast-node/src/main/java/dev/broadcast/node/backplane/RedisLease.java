package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This node's lease: taken, renewed every 2 s, and what is read of the others' on the way. Only on
 * the hub thread.
 */
final class RedisLease {
  static final Duration LIFE = Duration.ofSeconds(6);
  private static final long BEAT = TimeUnit.SECONDS.toNanos(2);

  /** While another incarnation's lease runs out. */
  private static final long BEAT_WAITING = TimeUnit.MILLISECONDS.toNanos(250);

  private static final RedisScript LEASE = RedisScript.load("lease");
  private static final RedisScript LEAVE = RedisScript.load("leave");

  private final String nodeId;
  private final String incarnation;
  private final RedisKeys keys;
  private final RedisLink link;
  private final Holder holder;
  private CompletableFuture<Void> joined = new CompletableFuture<>();
  private final List<Runnable> afterNext = new ArrayList<>();
  private Members members = Members.NONE;
  private boolean wanted;
  private boolean held;
  private boolean underWay;
  private boolean again;
  private long beatAt;
  private long since;
  private @Nullable String rival;
  private long rivalExpires;

  /** Whose lease it is. */
  interface Holder {
    /** Taken for the first time, or again after it had ended. */
    void taken();

    /** Redis knows of so many claims of ours. */
    void renewed(long claims);

    /** Another live node has our id. */
    void refused(String message);
  }

  RedisLease(String nodeId, String incarnation, RedisKeys keys, RedisLink link, Holder holder) {
    this.nodeId = nodeId;
    this.incarnation = incarnation;
    this.keys = keys;
    this.link = link;
    this.holder = holder;
  }

  Members members() {
    return members;
  }

  /**
   * Completes the future once it is held, or Redis cannot be reached, or exceptionally if refused.
   */
  void join(CompletableFuture<Void> done) {
    joined = done;
    wanted = true;
    if (link.canCommand()) {
      renew();
    } else {
      joined.complete(null);
    }
  }

  /** Gives it back; completes the future when Redis said so, or cannot. */
  void leave(String farewell, CompletableFuture<Void> done) {
    wanted = false;
    held = false;
    members = Members.NONE;
    byte[][] arguments = {
      bytes(nodeId), bytes(incarnation), bytes(keys.control()), bytes(farewell)
    };
    link.command(LEAVE, names(), arguments, (reply, failure) -> done.complete(null));
  }

  void commandsUp() {
    underWay = false;
    again = false;
    if (wanted) {
      renew();
    }
  }

  void commandsDown() {
    underWay = false;
    again = false;
    joined.complete(null);
    runWaiting();
  }

  void tick(long now) {
    if (wanted && !underWay && now - beatAt > (held ? BEAT : BEAT_WAITING)) {
      renew();
    }
  }

  /** Renews it now, then runs the step, whatever came of it. */
  void renewThen(Runnable step) {
    afterNext.add(step);
    renew();
  }

  void renew() {
    if (!wanted || !link.canCommand()) {
      runWaiting();
      return;
    }
    if (underWay) {
      again = true; // What is under way may have been read before what the caller heard of.
      return;
    }
    underWay = true;
    beatAt = System.nanoTime();
    byte[][] arguments = {bytes(nodeId), bytes(incarnation), bytes(LIFE.toMillis())};
    link.command(LEASE, names(), arguments, (reply, failure) -> answered(reply));
  }

  private void answered(@Nullable List<Object> reply) {
    underWay = false;
    if (!wanted) {
      runWaiting();
      return;
    }
    if (reply == null) {
      joined.complete(null);
    } else if (RedisReply.text(reply.get(0)).equals("TAKEN")) {
      taken(RedisReply.text(reply.get(1)), RedisReply.number(reply.get(2)));
    } else {
      renewed(reply);
    }
    if (again && reply != null) {
      again = false;
      renew();
    } else {
      again = false;
      runWaiting();
    }
  }

  private void renewed(List<Object> reply) {
    rival = null;
    members = Members.of(reply, 3);
    long nowSince = RedisReply.number(reply.get(5));
    boolean anew = !held || nowSince != since;
    held = true;
    since = nowSince;
    if (anew) {
      holder.taken();
    }
    holder.renewed(RedisReply.number(reply.get(2)));
    joined.complete(null);
  }

  private void taken(String other, long expires) {
    boolean renewed = rival != null && (!rival.equals(other) || expires > rivalExpires);
    // Who held it already was away for longer than its life, and the other came meanwhile.
    if (held || renewed) {
      String message = "node-id: another live node is called " + nodeId;
      wanted = false;
      held = false;
      if (!joined.completeExceptionally(new BackplaneException(message))) {
        holder.refused(message);
      }
      return;
    }
    rival = other;
    rivalExpires = expires;
  }

  private void runWaiting() {
    List<Runnable> steps = List.copyOf(afterNext);
    afterNext.clear();
    steps.forEach(Runnable::run);
  }

  private byte[][] names() {
    return new byte[][] {keys.nodes(), keys.claims(incarnation)};
  }
}
