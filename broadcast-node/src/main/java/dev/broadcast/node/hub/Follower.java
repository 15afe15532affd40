package dev.broadcast.node.hub;

import dev.broadcast.api.connection.ConnectionState;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings a connection to the head, page by page, and keeps it there ({@link Position}), whatever
 * becomes of the shards meanwhile. Only on its event loop.
 */
final class Follower {
  private final Connection connection;
  private final Loop loop;
  private final Cohort cohort;
  private final SendQueue queue;
  private final Teller teller;
  private final Position position;
  private final @Nullable Throttle throttle;
  private boolean walking;
  private boolean slow;
  private boolean owesPosition;
  private boolean arrived;

  Follower(Connection connection, Loop loop, Cohort cohort, SendQueue queue, Teller teller) {
    this.connection = connection;
    this.loop = loop;
    this.cohort = cohort;
    this.queue = queue;
    this.teller = teller;
    StreamRequest request = connection.request();
    boolean atHead =
        request.start() instanceof StreamRequest.Start.Now && loop.knows(cohort.selection());
    position = atHead ? Position.atHead() : Position.unresolved();
    Duration interval = request.extras().throttle();
    throttle =
        interval.isZero()
            ? null
            : new Throttle(loop.hub().parts().pending(interval), connection, loop, queue, teller);
  }

  void begin() {
    if (position.live()) {
      teller.connected(cursors().head());
      arrive();
    } else {
      teller.connectedWithCursor();
      walk();
    }
  }

  private void arrive() {
    arrived = true;
    slow = false;
    cohort.goLive(connection);
    if (!loop.attached(selection())) {
      teller.noBackplane(); // at the head as far as this node knows: it may know nothing new
    }
  }

  boolean live() {
    return position.live();
  }

  /**
   * How many messages it has yet to pass: those that wait for it, or while it is behind, those of
   * its shards up to the head; negative while nobody knows where it begins.
   */
  long lag() {
    if (position.live()) {
      return queue.messages();
    }
    if (position.resolving()) {
      return -1;
    }
    long lag = 0;
    for (int i = 0; i < position.at().length; i++) {
      lag += Math.max(0, loop.position(selection().shards().get(i)) - position.at()[i]);
    }
    return lag;
  }

  ConnectionState state() {
    if (arrived) {
      return new ConnectionState.Connected();
    }
    return connection.request().start() instanceof StreamRequest.Start.After && teller.begun()
        ? new ConnectionState.Reconnecting()
        : new ConnectionState.Connecting();
  }

  /** Asks for the next page, if it is time to. */
  void walk() {
    if (!connection.listed() || walking || position.live() || !queue.idle()) {
      return;
    }
    walking = true;
    int token = position.nextWalk();
    if (position.resolving()) {
      loop.hub().walk(Walk.from(connection.request().start(), loop, connection, token));
      return;
    }
    int[] versions = new int[selection().shards().size()];
    for (int i = 0; i < versions.length; i++) {
      versions[i] = loop.version(selection().shards().get(i));
    }
    loop.hub().walk(Walk.on(loop, connection, token, position.at(), versions, position.starts()));
  }

  private void walkAgain() {
    walking = false; // what was asked for is of a version that is gone
    walk();
  }

  /** Its next page arrived. */
  void walked(int token, Page page) {
    if (position.live()) {
      return;
    }
    long[] before = position.resolving() ? new long[0] : position.at();
    if (!position.walked(token, page)) {
      return;
    }
    walking = false;
    teller.connected(page.from());
    if (throttle != null && !page.resets().isEmpty()) {
      throttle.send(before);
    }
    teller.resets(page, before);
    if (slow && !page.resets().isEmpty()) {
      connection.close(CloseReason.BEHIND);
      return;
    }
    long[] end = throttle == null ? teller.page(page) : throttle.offer(page);
    if (end != null) {
      connection.finish(end);
    } else if (position.live()) {
      arrive();
    } else {
      walk();
    }
  }

  /** Its next page has to wait for the backplane. */
  void waits() {
    if (walking) {
      teller.noBackplane();
    }
  }

  /** Messages of its cohort, while it is live and throttled. */
  void offerForTick(List<Event> events) {
    if (throttle != null) {
      throttle.offer(events);
    }
  }

  /** The queue has no room for messages, the first of which came after {@code before}. */
  void overflowed(int messages, int shard, long before) {
    loop.hub().metrics().dropped(messages);
    fallBehind(shard, before);
    slow = true;
    loop.hub().metrics().fellBehind();
  }

  /**
   * A message that names connections: for this one, or not. Named ones get a cursor with their id.
   */
  void offerAddressed(Event event, int shard) {
    long before = event.sequence() - 1;
    String id = connection.id();
    if (throttle != null) {
      throttle.offer(List.of(event));
    } else if (selection().matches(event.payload(), id)) {
      long[] at = cursors().headBut(shard, event.sequence());
      byte[] bytes = cursors().encode(event, at);
      long now = loop.nanoTime();
      loop.hub().metrics().delivered(1, bytes.length);
      loop.hub().metrics().latency().delivered(event, now);
      connection.offer(Unpooled.wrappedBuffer(bytes), 1, shard, before, now);
      teller.told(at);
    }
    if (!connection.listed() || !position.live()) {
      return;
    }
    if (selection().ends(event.payload())) {
      connection.finish(cursors().headBut(shard, event.sequence()));
    } else if (event.payload().to().contains(id) || event.payload().exclude().contains(id)) {
      tellPosition(shard, event.sequence());
    }
  }

  /**
   * Gives the client a fresh cursor: everything of the shard up to there is behind it. Not before
   * what waits: messages in the queue may be dropped, a cursor behind them would not.
   */
  void tellPosition(int shard, long sequence) {
    if (nothingToTick()) { // else a message that waits will name a place
      if (queue.idle()) {
        teller.position(cursors().headBut(shard, sequence));
      } else {
        owesPosition = true;
      }
    }
  }

  private boolean nothingToTick() {
    return throttle == null || throttle.isEmpty();
  }

  private void fallBehind(int shard, long before) {
    connection.dropWaiting();
    position.fellBehind(queue.dropMessages(selection(), cursors().headBut(shard, before)));
    walking = false;
    cohort.leaveLive(connection);
    walk();
  }

  /** A message of one of its topics is lost for whoever is live. */
  void lost(int shard, Reset reset) {
    int index = selection().indexOf(shard);
    if (!position.live()
        || index < 0
        || !selection().topics().get(index).containsAll(reset.topics())) {
      return;
    }
    if (queue.hasMessages()) {
      // They may be dropped, a reset's cursor behind them would not: the walk tells of the loss.
      fallBehind(shard, loop.position(shard));
    } else {
      if (throttle != null) {
        throttle.send(cursors().head());
      }
      teller.reset(reset, cursors().head());
    }
  }

  /** A shard's position changed otherwise than by deliveries; the loop's already is the new one. */
  void shardMoved(int index, long before, Notice.ShardMoved moved) {
    if (position.resolving()) {
      return;
    }
    switch (moved.kind()) {
      case STARTED, NEW_GENERATION -> {}
      case JUMPED -> {
        if (position.live()) {
          fallBehind(moved.shard(), before);
        }
      }
      case REWOUND -> rewound(index, before, moved);
      case NEW_EPOCH -> newEpoch(index, moved);
    }
  }

  private void rewound(int index, long before, Notice.ShardMoved moved) {
    long end = moved.position();
    cohort.forgetTold();
    boolean sawMore = position.live() || position.at()[index] > end;
    long again = throttle == null ? -1 : Math.min(throttle.forget(index), end);
    if (again >= 0 && position.live()) {
      fallBehind(moved.shard(), again);
    } else if (again >= 0) {
      position.at()[index] = Math.min(position.at()[index], again);
    }
    if (position.live() && queue.hasMessages()) {
      fallBehind(moved.shard(), before);
    }
    position.rewound(index, selection().topics().get(index), end);
    if (sawMore) {
      List<String> affected = new ArrayList<>(selection().topics().get(index));
      moved.touched().ifPresent(affected::retainAll);
      if (affected.isEmpty()) {
        teller.position(told());
      } else {
        teller.reset(new Reset(Reset.Reason.GENERATION, affected), told());
      }
    }
    walkAgain();
  }

  private void newEpoch(int index, Notice.ShardMoved moved) {
    cohort.forgetTold();
    if (throttle != null) {
      throttle.forget(index);
    }
    if (position.live() && queue.hasMessages()) {
      fallBehind(moved.shard(), 0);
    }
    List<String> topics = selection().topics().get(index);
    position.newEpoch(index, topics);
    teller.reset(new Reset(Reset.Reason.EPOCH, topics), told());
    walkAgain();
  }

  private long[] positions() {
    return position.live() ? cursors().head() : position.at();
  }

  /**
   * Where the client stands: before what waits, which leaves at its tick. Not sooner, when a shard
   * moves: a message would name the new place of that shard before its reset is told.
   */
  private long[] told() {
    return throttle == null ? positions() : throttle.before(positions());
  }

  /** A throttled connection's time may have come. */
  void sendIfDue() {
    if (throttle != null && !position.resolving()) {
      throttle.sendIfDue(positions());
    }
  }

  /** Its socket took what waited. */
  void drained() {
    if (owesPosition && queue.idle() && connection.listed()) {
      owesPosition = false;
      if (position.live() && nothingToTick()) {
        teller.position(cursors().head());
      }
    }
    sendIfDue();
    walk();
  }

  /** Gives the client a fresh cursor if messages passed it by since its last one. */
  void refresh() {
    if (position.live() && nothingToTick() && teller.toldLess(cursors().head())) {
      teller.position(cursors().head());
    }
  }

  private Selection selection() {
    return cohort.selection();
  }

  private Cursors cursors() {
    return cohort.cursors();
  }
}
