package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.MessageId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges what one client gets, against everything that the simulated Redis ever stored: every
 * message that is for it, once, in order, from its first cursor on; or a reset that was justified
 * and that names the topic. And no cursor that passes something that was not sent.
 */
final class SimJudge {
  private final SimClient client;
  private final SimWorld world;
  private final SimRedis redis;

  /** Up to where the client was served, by topic. */
  private final Map<String, SimEntry> served = new HashMap<>();

  /** The step of the last reset, by topic. */
  private final Map<String, Integer> resetAt = new HashMap<>();

  /** The step before which a stream that starts with the last messages may leave older ones out. */
  private final Map<String, Integer> startedAt = new HashMap<>();

  /** How many those last ones are. */
  private int startedWith;

  /** Resets after which nothing of the topic came yet. */
  private final Set<String> pending = new HashSet<>();

  private final Set<SimEntry> received = new HashSet<>();

  /** The last cursor's place, by shard. */
  private final Map<Integer, SimEntry> held = new HashMap<>();

  private final Map<Integer, MessageId> heldIds = new HashMap<>();

  /** Shards for which the client may be told twice: nobody can know what it has. */
  private final Set<Integer> mayRepeat = new HashSet<>();

  private @Nullable SimEntry latest;
  private boolean goesOn;
  private boolean over;
  private boolean garbage;

  SimJudge(SimClient client, SimWorld world) {
    this.client = client;
    this.world = world;
    this.redis = world.redis;
  }

  void opened() {
    goesOn = true;
    world.count("opened");
    redis.age();
  }

  void comesWithGarbage() {
    garbage = true;
    pending.addAll(client.topics);
    for (int i = 0; i < world.shards; i++) {
      mayRepeat.add(i);
    }
  }

  /** The first thing on a stream. */
  void begins(@Nullable String cursor, StreamRequest.Start start) {
    if (!(start instanceof StreamRequest.Start.After)) {
      redis.age();
      if (cursor == null) {
        throw fail("begins without a cursor");
      }
      // What history does not hold any more is no loss to who never had a cursor.
      client.topics.forEach(topic -> resetAt.put(topic, redis.now()));
      if (start instanceof StreamRequest.Start.Last last) {
        startedWith = last.count();
        client.topics.forEach(topic -> startedAt.put(topic, redis.now()));
      }
    }
  }

  void message(String text, String type, @Nullable String cursor) {
    SimEntry message = redis.message(text);
    if (message == null || message.payload == null || message.entry == null) {
      throw fail("got a message that nobody published: " + text);
    }
    String topic = message.topic();
    if (!client.topics.contains(topic) || forbidden(message)) {
      throw fail("got a message that is not for it: " + message);
    }
    String expected = message.payload.type() == null ? "" : message.payload.type();
    if (!type.equals(expected)) {
      throw fail("got type " + type + " for " + message);
    }
    if (cursor == null || !cursor.split("~", 2)[0].equals(message.entry.id().toString())) {
      throw fail("got " + message + " under the id " + cursor);
    }
    boolean again = received.contains(message);
    if (again && !mayRepeat.contains(world.shardOf(topic))) {
      throw fail("got a second time " + message);
    }
    if (!again || pending.contains(topic)) {
      reach(topic, message, message, "got " + message);
    }
    if (latest != null && !again && client.extras.until().contains(typeOf(latest)) && !goesOn) {
      throw fail("got " + message + " after its stream was to end with " + latest);
    }
    goesOn = false;
    latest = message;
    received.add(message);
    world.count("received");
    pending.remove(topic);
  }

  void reset(String reason, List<String> topics, @Nullable String cursor) {
    redis.age();
    for (String topic : topics) {
      if (!client.topics.contains(topic)) {
        throw fail("reset of a topic that it does not have: " + topic);
      }
      if (!justified(reason, topic)) {
        throw fail("needless reset (" + reason + ") of " + topic + " after " + held);
      }
      resetAt.put(topic, redis.now());
      pending.add(topic);
      world.count(reason);
    }
    if (cursor == null) {
      throw fail("a reset without id");
    }
    garbage = false;
  }

  /** The client holds a new cursor. */
  void cursor(String text) {
    Optional<Cursor> cursor = Cursor.parse(text);
    if (cursor.isEmpty()) {
      throw fail("got a cursor that cannot be read: " + text);
    }
    for (MessageId id : cursor.get().positions()) {
      SimEntry place = redis.place(id);
      if (place == null) {
        throw fail("got a cursor to a place that never was: " + id);
      }
      held.put(id.shard(), place);
      heldIds.put(id.shard(), id);
      for (String topic : client.topics) {
        if (world.shardOf(topic) == id.shard()) {
          reach(topic, place, null, "got the cursor " + id);
        }
      }
    }
  }

  /** The stream ended as it was asked to: after such a message. */
  void ended() {
    SimEntry last = latest;
    if (last == null || last.payload == null || !client.extras.until().contains(typeOf(last))) {
      throw fail("ended after " + last);
    }
    world.count("until");
  }

  /** It is told not to come back. */
  void over() {
    boolean had = received.stream().anyMatch(e -> client.extras.until().contains(typeOf(e)));
    if (!had) {
      throw fail("is told that its stream has ended");
    }
    over = true;
    world.count("over");
  }

  private static String typeOf(SimEntry message) {
    return message.payload == null || message.payload.type() == null
        ? "message"
        : message.payload.type();
  }

  /** At the end: nothing may be missing. */
  void end() {
    if (over) {
      return;
    }
    redis.age();
    for (String topic : client.topics) {
      SimShard shard = redis.shard(world.shardOf(topic));
      if (shard != null && served.containsKey(topic)) {
        reach(topic, shard.head, null, "at the end");
      }
    }
    if (!client.connected()) {
      throw fail("is not connected in the end");
    }
  }

  /**
   * The client is served up to {@code place} now.
   *
   * @param now the message that it gets there, or null
   */
  private void reach(String topic, SimEntry place, @Nullable SimEntry now, String what) {
    SimEntry before = served.get(topic);
    if (before == null) {
      served.put(topic, place);
      return;
    }
    if (before.reaches(place)) {
      missing(topic, before, place, now, what);
    } else if (place.reaches(before)) {
      wentBack(topic, place, before, now, what);
    } else {
      SimEntry fork = before.epoch.equals(place.epoch) ? before.commonWith(place) : null;
      if (!pending.contains(topic) && (fork == null || gotAnything(topic, fork, before))) {
        throw fail(what + ", but " + before + " was undone and no reset told of " + topic);
      }
      SimEntry root = place.ancestorAt(0);
      SimEntry from = fork == null ? root : fork;
      missing(topic, from, place, now, what);
    }
    served.put(topic, place);
  }

  private void missing(
      String topic, SimEntry from, SimEntry to, @Nullable SimEntry now, String what) {
    for (SimEntry e = to; e != from && e.parent != null; e = e.parent) {
      if (e != now && e.isMessageOf(topic) && wanted(e) && !received.contains(e)) {
        boolean excused =
            e.goneAt <= resetAt.getOrDefault(topic, -1) || notAmongTheLast(e) || superseded(e);
        if (!excused) {
          throw fail(what + ", but never " + e + (e.goneAt == SimEntry.NEVER ? "" : " (gone)"));
        }
      }
    }
  }

  /** A stream that started with the last messages need not have what came before them. */
  private boolean notAmongTheLast(SimEntry message) {
    int start = startedAt.getOrDefault(message.topic(), -1);
    return message.storedAt <= start
        && redis.all().stream()
                .filter(later -> later != message && later.storedAt <= start)
                .filter(later -> later.isMessageOf(message.topic()) && message.reaches(later))
                .filter(later -> !forbidden(later))
                .count()
            >= startedWith;
  }

  /** A throttled stream need not have what a later one of its topic stands for. */
  private boolean superseded(SimEntry message) {
    return !client.extras.throttle().isZero()
        && redis.all().stream()
            .anyMatch(
                later ->
                    later != message
                        && later.isMessageOf(message.topic())
                        && message.reaches(later)
                        && !forbidden(later));
  }

  private void wentBack(
      String topic, SimEntry place, SimEntry before, @Nullable SimEntry now, String what) {
    if (mayRepeat.contains(world.shardOf(topic))) {
      return;
    }
    for (SimEntry e = before; e != place && e.parent != null; e = e.parent) {
      if (e.isMessageOf(topic) && e.undoneAt == SimEntry.NEVER && received.contains(e)) {
        throw fail(what + " after it got " + e + ", which would come again");
      }
    }
    if (now != null && !pending.contains(topic)) {
      throw fail(what + " after the cursor " + before);
    }
  }

  private boolean gotAnything(String topic, SimEntry from, SimEntry to) {
    for (SimEntry e = to; e != from && e.parent != null; e = e.parent) {
      if (e.isMessageOf(topic) && received.contains(e)) {
        return true;
      }
    }
    return false;
  }

  /** Whether history really cannot give what the reset is about. */
  private boolean justified(String reason, String topic) {
    int shard = world.shardOf(topic);
    SimEntry place = held.get(shard);
    MessageId id = heldIds.get(shard);
    if (reason.equals("invalid")) {
      return garbage || place == null;
    }
    if (place == null || id == null) {
      return false;
    }
    boolean judged =
        switch (reason) {
          case "epoch" -> {
            SimShard now = redis.shard(shard);
            yield now == null || !now.epoch.equals(place.epoch) || garbage;
          }
          // Redis may have lost that it opened the generation that names the place.
          case "generation" -> undone(shard, place) || !redis.knows(id);
          // Past the bound of topics, one number stands for all that were pruned.
          default -> gone(topic, place) || garbage || redis.floor(shard) > place.sequence;
        };
    if (reason.equals("generation") && !redis.knows(id)) {
      mayRepeat.add(shard);
    }
    return judged;
  }

  /** Any topic's: a node that started or jumped since cannot know which were touched. */
  private boolean undone(int shard, SimEntry place) {
    if (place.undoneAt <= redis.now()) {
      return true;
    }
    for (SimEntry e : redis.all()) {
      if (e.undoneAt <= redis.now() && world.shardOf(e.topic()) == shard && place.reaches(e)) {
        return true;
      }
    }
    return false;
  }

  private boolean gone(String topic, SimEntry place) {
    for (SimEntry e : redis.all()) {
      if (e.goneAt <= redis.now() && e.topic().equals(topic) && place.reaches(e) && e != place) {
        return true;
      }
    }
    return false;
  }

  /** For this client, for certain. */
  private boolean wanted(SimEntry message) {
    Payload payload = message.payload;
    if (payload == null || !typeMatches(payload)) {
      return false;
    }
    if (payload.to().isEmpty() && payload.exclude().isEmpty()) {
      return true;
    }
    // An id that the node made changes when the client comes back with a cursor without it.
    return client.hasGivenId()
        && (payload.to().isEmpty() || payload.to().contains(client.name))
        && !payload.exclude().contains(client.name);
  }

  private boolean forbidden(SimEntry message) {
    Payload payload = message.payload;
    if (payload == null || !typeMatches(payload)) {
      return true;
    }
    if (!payload.to().isEmpty() && client.ids.stream().noneMatch(payload.to()::contains)) {
      return true;
    }
    return client.hasGivenId() && payload.exclude().contains(client.name);
  }

  private boolean typeMatches(Payload payload) {
    String type = payload.type() == null ? "message" : payload.type();
    return client.types.isEmpty() || client.types.contains(type);
  }

  private SimFailure fail(String what) {
    List<String> details = new ArrayList<>();
    details.add(client + ": " + what);
    details.add("  served " + served + ", reset at " + resetAt + ", pending " + pending);
    return new SimFailure(String.join("\n", details));
  }
}
