package dev.broadcast.node.hub;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The connections of one loop that asked for the same: a message is filtered and put into bytes
 * once for all of them. Only on its loop.
 */
final class Cohort {
  /** The bytes after which a run is sent in several writes: what a stalled client holds on to. */
  private static final int RUN_BYTES = 256 << 10;

  private final Loop loop;
  private final Selection selection;
  private final Cursors cursors;
  private final List<Event> run = new ArrayList<>();
  private Connection[] live = new Connection[2];
  private int liveCount;
  private int members;
  private int passedBy;
  private long told;

  Cohort(Loop loop, Selection selection) {
    this.loop = loop;
    this.selection = selection;
    this.cursors = new Cursors(loop, selection);
  }

  Selection selection() {
    return selection;
  }

  Cursors cursors() {
    return cursors;
  }

  /** The sum of the positions that the last id sent to all live members names. */
  long told() {
    return told;
  }

  int members() {
    return members;
  }

  void joined() {
    members++;
  }

  void left() {
    if (--members == 0) {
      loop.forget(this);
    }
  }

  void goLive(Connection connection) {
    if (liveCount == live.length) {
      live = Arrays.copyOf(live, liveCount * 2);
    }
    connection.slot = liveCount;
    live[liveCount++] = connection;
  }

  /** Members are sent to from the last to the first, so that one may leave while it is its turn. */
  void leaveLive(Connection connection) {
    int slot = connection.slot;
    if (slot >= 0) {
      Connection last = live[--liveCount];
      live[slot] = last;
      last.slot = slot;
      connection.slot = -1;
    }
  }

  /**
   * A message of one of the topics.
   *
   * @return on how many connections it is put, those behind included
   */
  int take(Event event, int shard) {
    Payload payload = event.payload();
    if (!selection.matches(payload)) {
      passed(event, shard);
      return 0;
    }
    if (payload.addressed()) {
      return takeAddressed(event, shard);
    }
    int all = members;
    if (run.isEmpty()) {
      loop.touch(this);
    }
    run.add(event);
    if (selection.ends(payload)) {
      sendRun(shard);
      for (int i = liveCount - 1; i >= 0; i--) {
        live[i].finish(cursors.headBut(shard, event.sequence()));
      }
    }
    return all;
  }

  private int takeAddressed(Event event, int shard) {
    sendRun(shard);
    Payload payload = event.payload();
    if (selection.throttled() || selection.ends(payload)) {
      return takeOneByOne(event, shard);
    }
    int matching = 0;
    if (payload.to().isEmpty()) {
      run.add(event);
      sendPart(shard, 0, payload.exclude());
      run.clear();
      matching = members - (int) payload.exclude().stream().filter(this::isMember).count();
    } else {
      for (String id : payload.to()) {
        Connection connection = loop.find(id);
        if (connection != null && connection.cohort() == this) {
          matching += payload.exclude().contains(id) ? 0 : 1;
          connection.offerAddressed(event, shard);
        }
      }
      passed(event, shard);
    }
    return matching;
  }

  private int liveAmong(List<String> ids) {
    int count = 0;
    for (int i = 0; i < liveCount; i++) {
      count += ids.contains(live[i].id()) ? 1 : 0;
    }
    return count;
  }

  /** Where what one gets is no other's concern. */
  private int takeOneByOne(Event event, int shard) {
    Payload payload = event.payload();
    List<String> named = payload.to().isEmpty() ? payload.exclude() : payload.to();
    int count =
        (int)
            named.stream()
                .filter(id -> payload.to().isEmpty() || !payload.exclude().contains(id))
                .filter(this::isMember)
                .count();
    int matching = payload.to().isEmpty() ? members - count : count;
    for (int i = liveCount - 1; i >= 0; i--) {
      Connection connection = live[i];
      if (selection.matches(payload, connection.id())) {
        connection.offerAddressed(event, shard);
      }
    }
    return matching;
  }

  private boolean isMember(String id) {
    Connection connection = loop.find(id);
    return connection != null && connection.cohort() == this;
  }

  /** Before the cursor that members hold leaves history, they get a fresh one. */
  private void passed(Event event, int shard) {
    if (++passedBy >= Math.max(1, loop.hub().settings().historySize() / 2)) {
      sendRun(shard);
      passedBy = 0;
      for (int i = liveCount - 1; i >= 0; i--) {
        live[i].tellPosition(shard, event.sequence());
      }
    }
  }

  /** Sends what this turn brought to every live member, in as few writes as bytes allow. */
  void sendRun(int shard) {
    if (run.isEmpty()) {
      return;
    }
    passedBy = 0;
    if (selection.throttled()) {
      for (int i = liveCount - 1; i >= 0; i--) {
        live[i].offerForTick(run);
      }
      run.clear();
      return;
    }
    int first = 0;
    while (first < run.size()) {
      first = sendPart(shard, first, List.of());
    }
    run.clear();
  }

  /** Those who are excluded get a fresh cursor instead, which carries their id. */
  private int sendPart(int shard, int first, List<String> excluded) {
    List<byte[]> parts = new ArrayList<>();
    long[] head = cursors.head();
    int size = 0;
    while (first + parts.size() < run.size() && (parts.isEmpty() || size < RUN_BYTES)) {
      byte[] part = cursors.encode(run.get(first + parts.size()), head);
      parts.add(part);
      size += part.length;
    }
    ByteBuf bytes = loop.allocator().directBuffer(size);
    parts.forEach(bytes::writeBytes);
    int end = first + parts.size();
    told = Cursors.sum(cursors.headBut(shard, run.get(end - 1).sequence()));
    long now = loop.nanoTime();
    int receivers = excluded.isEmpty() ? liveCount : liveCount - liveAmong(excluded);
    HubMetrics metrics = loop.hub().metrics();
    metrics.delivered((long) parts.size() * receivers, (long) size * receivers);
    metrics.latency().delivered(run, first, end, receivers, now);
    sendToAll(bytes, parts.size(), shard, run.get(first).sequence() - 1, excluded, now);
    bytes.release();
    return end;
  }

  /** In a method of its own, which is what is compiled again when a client first falls behind. */
  private void sendToAll(
      ByteBuf bytes, int messages, int shard, long before, List<String> excluded, long now) {
    for (int i = liveCount - 1; i >= 0; i--) {
      Connection connection = live[i];
      if (!excluded.isEmpty() && excluded.contains(connection.id())) {
        connection.tellPosition(shard, before + 1);
      } else {
        connection.offer(bytes, messages, shard, before, now);
      }
    }
  }

  /** A sequence began anew or went back: what was told is no measure any more. */
  void forgetTold() {
    told = 0;
  }
}
