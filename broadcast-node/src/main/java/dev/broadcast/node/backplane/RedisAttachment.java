package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This node's hold on one shard: which epoch and generation the master is in, and the stream of
 * frames from the shard's channel to the {@link Feed}. Only on the hub thread.
 *
 * <p>After every new connection the state is read again by {@code attach.lua}; until then nothing
 * is published, since a Redis that restarted may number anew. Frames that arrive between the
 * subscription and the state are held for the feed, within a bound.
 */
final class RedisAttachment {
  /** Kept in the state; raised when older nodes could not read what newer ones write. */
  static final String FORMAT = "2";

  private static final String LINEAGE = "64";
  private static final long ALIVE = TimeUnit.MILLISECONDS.toNanos(2_500);
  private static final Duration AGAIN = Duration.ofMillis(100);
  private static final RedisScript ATTACH = RedisScript.load("attach");

  private final int shard;
  private final RedisKeys keys;
  private final BackplaneSettings settings;
  private final RedisLink link;
  private final HubThread hubThread;
  private final ServerClock clock;
  private final Tokens tokens;
  private final Owner owner;
  private final FrameGate gate;
  private final RedisProbe probe;

  private @Nullable Feed feed;
  private boolean admitted;
  private boolean subscribed;
  private boolean fed;
  private boolean attaching;
  private boolean again;
  private int attempts;
  private @Nullable ShardState known;
  private long heardAt;
  private long attachedAt;
  private String detail = "not connected yet";

  /** The backplane around it. */
  interface Owner {
    /** Publishing may go on. */
    void attached();

    /** The feed was told for the first time since the channel was lost. */
    void ready();

    /** It did not work this time. */
    void failed(String reason);

    /** This node must not run here. */
    void refused(String reason);
  }

  RedisAttachment(
      int shard,
      RedisKeys keys,
      BackplaneSettings settings,
      RedisLink link,
      HubThread hubThread,
      Tokens tokens,
      Owner owner) {
    this.shard = shard;
    this.keys = keys;
    this.settings = settings;
    this.link = link;
    this.hubThread = hubThread;
    this.clock = link.clock();
    this.tokens = tokens;
    this.owner = owner;
    this.gate = new FrameGate(shard);
    this.probe = new RedisProbe(keys, link, this::attach);
    this.admitted = shard == 0;
  }

  void start(Feed to) {
    feed = to;
  }

  /**
   * The first shard holds how many there are, and this node counts alike. Before that, nothing is
   * made on the others: their names depend on the count.
   */
  void admit() {
    if (!admitted) {
      admitted = true;
      attach();
    }
  }

  /** What the master is in, if it was read on the connection that is open now. */
  @Nullable ShardState known() {
    return attaching ? null : known;
  }

  /**
   * Whether the state was read on the connection that is open now. Before that, a Redis that went
   * back in time would answer as if nothing had happened.
   */
  boolean isAttached() {
    return known != null;
  }

  boolean ready(long now) {
    return fed && known != null && now - heardAt < ALIVE;
  }

  /** How long Redis took to answer the last probe; negative before the first. From any thread. */
  long roundTripNanos() {
    return probe.roundTripNanos();
  }

  String detail() {
    return detail;
  }

  void commandsUp() {
    known = null;
    attaching = false;
    again = false;
    attach();
  }

  void commandsDown(String reason) {
    known = null;
    attaching = false;
    detail = reason;
  }

  /** Redis was not reached. */
  void unreachable(String reason) {
    if (!fed) {
      detail = reason;
    }
  }

  void subscribed() {
    subscribed = true;
    gate.dropHeld();
    attach();
  }

  void unsubscribed(String reason) {
    subscribed = false;
    gate.dropHeld();
    detail = reason;
    Feed to = feed;
    if (fed && to != null) {
      fed = false;
      to.detached(shard, reason);
    }
  }

  /** Reads the state again, now: it is not known, or somebody found it changed. */
  void attach() {
    Feed to = feed;
    if (to == null || !admitted || !link.canCommand()) {
      return;
    }
    if (attaching) {
      again = true;
      return;
    }
    attaching = true;
    boolean forFeed = subscribed;
    MessageId position = to.position(shard);
    byte[][] arguments = {
      bytes(tokens.epoch()),
      bytes(tokens.generation()),
      bytes(FORMAT),
      bytes(settings.shards()),
      bytes(position == null ? "" : position.epoch()),
      bytes(position == null ? "" : position.generation()),
      bytes(position == null ? "" : Long.toString(position.sequence())),
      bytes(LINEAGE)
    };
    int attempt = ++attempts;
    link.command(
        ATTACH,
        new byte[][] {keys.state()},
        arguments,
        (reply, failure) -> {
          if (attempt == attempts && attaching) {
            answered(forFeed, reply, failure);
          }
        });
  }

  private void answered(
      boolean forFeed, @Nullable List<Object> reply, @Nullable Throwable failure) {
    attaching = false;
    if (reply == null) {
      failed(failure == null ? "no answer" : String.valueOf(failure.getMessage()));
      hubThread.later(AGAIN, this::attach);
      return;
    }
    switch (RedisReply.text(reply.get(0))) {
      case "OK" -> attached(forFeed, reply);
      case "REPLICA" -> {
        failed("this Redis is a replica");
        link.cutCommands("this Redis is a replica");
      }
      default -> {
        String reason = mismatch(RedisReply.text(reply.get(1)), RedisReply.text(reply.get(2)));
        detail = reason;
        owner.refused(reason);
        hubThread.later(Duration.ofSeconds(2), this::attach);
      }
    }
  }

  private String mismatch(String format, String shards) {
    return format.equals(FORMAT)
        ? "--shards: under the prefix %s Redis holds %s shards, this node is set to %d; their number is for good: begin with another one under another --prefix"
            .formatted(settings.prefix(), shards, settings.shards())
        : "--prefix: under %s Redis holds format %s, this node has format %s; begin under another one"
            .formatted(settings.prefix(), format, FORMAT);
  }

  private void attached(boolean forFeed, List<Object> reply) {
    ShardState state = RedisReply.state(shard, reply, 1);
    clock.heard(state.serverMillis());
    link.attachedTo(RedisReply.text(reply.get(5)));
    known = state;
    attachedAt = System.nanoTime();
    owner.attached();
    Feed to = feed;
    if (forFeed && subscribed && to != null) {
      if (!fed) {
        heardAt = attachedAt;
        detail = "attached";
      }
      boolean first = !fed;
      fed = true;
      to.attached(state);
      gate.open(state, to);
      if (first) {
        owner.ready();
      }
    }
    if (again || (subscribed && !fed)) {
      again = false;
      attach();
    }
  }

  private void failed(String reason) {
    detail = reason;
    owner.failed(reason);
  }

  /** A frame came on the shard's channel. */
  void heard(Frame frame) {
    Feed to = feed;
    if (!subscribed || to == null) {
      return;
    }
    heardAt = System.nanoTime();
    ShardState state = known();
    if (!fed || state == null) {
      gate.hold(frame);
    } else if (FrameGate.fits(state, frame)) {
      gate.deliver(frame, to);
      if (FrameGate.isBehind(to.position(shard), frame)) {
        attach();
      }
    } else if (!FrameGate.isPast(state, frame) && heardAt - attachedAt > AGAIN.toNanos()) {
      attach();
      gate.hold(frame);
    } // Else the probe shows what is missing, if anything is.
  }

  /** Sends a probe when it is time. */
  void tick(long now) {
    ShardState state = known();
    if (state != null && subscribed) {
      probe.tick(now, state, heardAt);
    }
  }
}
