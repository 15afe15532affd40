package dev.broadcast.node.hub;

import dev.broadcast.api.connection.ConnectionState;
import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client's open stream: where it stands ({@link Position}), what waits for its socket ({@link
 * SendQueue}), and what it is told beside messages. Only on its event loop.
 */
final class Connection implements StreamTransport.Listener, Hub.Stream {
  /** How often a client on quiet topics gets a fresh cursor where there are no heartbeats. */
  private static final Duration REFRESH = Duration.ofSeconds(15);

  /** Where its cohort lists it among the live; negative while it is not. */
  int slot = -1;

  /** Its place on its loop's roll. */
  int place = -1;

  private final Loop loop;
  private final Cohort cohort;
  private final StreamRequest request;
  private final String id;
  private final SendQueue queue;
  private final Teller teller;
  private final Position position;
  private final @Nullable Pending pending;
  private final long createdAt = System.currentTimeMillis();
  private boolean walking;
  private boolean slow;
  private boolean owesPosition;
  private @Nullable CloseReason ending;
  private boolean closed;
  private boolean arrived;
  private boolean ticking;

  private Connection(
      Loop loop,
      Cohort cohort,
      StreamRequest request,
      String id,
      Function<StreamTransport.Listener, StreamTransport> transport) {
    this.loop = loop;
    this.cohort = cohort;
    this.request = request;
    this.id = id;
    boolean atHead =
        request.start() instanceof StreamRequest.Start.Now && loop.knows(cohort.selection());
    position = atHead ? Position.atHead() : Position.unresolved();
    Duration interval = request.extras().throttle();
    pending = interval.isZero() ? null : loop.hub().parts().pending(interval);
    HubSettings settings = loop.hub().settings();
    cohort.joined();
    loop.add(this);
    queue = loop.hub().parts().queue(transport.apply(this), settings, loop.nanoTime());
    teller = new Teller(loop, cohort, request, id, queue);
  }

  /** Opens a stream whose head is on its way; on the loop that owns its socket. */
  static Connection open(
      Loop loop,
      StreamRequest request,
      Selection selection,
      String id,
      Function<StreamTransport.Listener, StreamTransport> transport) {
    Connection connection = new Connection(loop, loop.join(selection), request, id, transport);
    connection.begin();
    return connection;
  }

  private void begin() {
    if (closed) {
      return;
    }
    if (request.extras().presence()) {
      loop.watchers().add(this);
    }
    if (position.live()) {
      arrived = true;
      cohort.goLive(this);
      teller.connected(cursors().head());
      tellIfDetached();
    } else {
      teller.connectedWithCursor();
      walk();
    }
  }

  /** Asks for the next page, if it is time to. */
  private void walk() {
    if (closed || ending != null || walking || position.live() || !queue.idle()) {
      return;
    }
    walking = true;
    int token = position.nextWalk();
    if (position.resolving()) {
      loop.hub().walk(Walk.from(request.start(), loop, this, token));
      return;
    }
    int[] versions = new int[selection().shards().size()];
    for (int i = 0; i < versions.length; i++) {
      versions[i] = loop.version(selection().shards().get(i));
    }
    loop.hub().walk(Walk.on(loop, this, token, position.at(), versions, position.starts()));
  }

  /** Its next page arrived. */
  void walked(int token, Page page) {
    if (closed || ending != null || position.live()) {
      return;
    }
    long[] before = position.resolving() ? new long[0] : position.at();
    if (!position.walked(token, page)) {
      return;
    }
    walking = false;
    teller.connected(page.from());
    if (pending != null && !page.resets().isEmpty()) {
      sendPending(pending, before);
    }
    teller.resets(page, before);
    if (slow && !page.resets().isEmpty()) {
      close(CloseReason.BEHIND);
      return;
    }
    long[] end = pending == null ? teller.page(page) : forTick(pending, page);
    if (end != null) {
      finish(end);
      return;
    }
    if (position.live()) {
      arrived = true;
      slow = false;
      cohort.goLive(this);
      tellIfDetached();
    } else {
      walk();
    }
  }

  /** At the head as far as this node knows: it may know nothing new. */
  private void tellIfDetached() {
    if (!loop.attached(selection())) {
      teller.noBackplane();
    }
  }

  /** Its next page has to wait for the backplane. */
  void waits() {
    if (!closed && ending == null && walking) {
      teller.noBackplane();
    }
  }

  /** Messages of a page wait for the tick as live ones do; answers where the stream ends. */
  private long @Nullable [] forTick(Pending waiting, Page page) {
    long[] at = page.from().clone();
    for (Event event : page.events()) {
      at[selection().indexOf(event.shard())] = event.sequence();
      if (selection().matches(event.payload(), id)) {
        waiting.offer(event);
        if (selection().ends(event.payload())) {
          sendPending(waiting, at, event.shard());
          return at;
        }
      }
    }
    tickIfDue(waiting, page.upTo());
    return null;
  }

  /** Messages of its cohort, while it is live and throttled. */
  void offerForTick(List<Event> events) {
    if (pending == null) {
      return;
    }
    events.forEach(pending::offer);
    Event last = events.get(events.size() - 1);
    if (selection().ends(last.payload())) {
      long[] at = cursors().headBut(last.shard(), last.sequence());
      sendPending(pending, at, last.shard());
    } else {
      tickIfDue(pending, cursors().headBut(last.shard(), last.sequence()));
    }
  }

  /**
   * Sends what waits, if it is time to and the socket takes it; else comes back then.
   *
   * @param processed up to where messages were offered, one a shard
   */
  private void tickIfDue(Pending waiting, long[] processed) {
    if (waiting.isEmpty() || closed || ending != null || !queue.idle()) {
      return;
    }
    long left = waiting.untilDue(loop.nanoTime());
    if (left == 0) {
      sendPending(waiting, processed);
    } else if (!ticking) {
      ticking = true;
      loop.later(
          left,
          () -> {
            ticking = false;
            tickNow();
          });
    }
  }

  private void tickNow() {
    if (pending != null && !closed && !position.resolving()) {
      tickIfDue(pending, positions());
    }
  }

  private void sendPending(Pending waiting, long[] processed) {
    sendPending(waiting, processed, -1);
  }

  private void sendPending(Pending waiting, long[] processed, int last) {
    if (!waiting.isEmpty()) {
      long[] before = waiting.before(processed, selection());
      teller.latest(waiting.take(loop.nanoTime(), last), before);
    }
  }

  /** What waits of a shard may never have happened; answers where to offer it again from, or -1. */
  private long forgetPending(int index) {
    return pending == null ? -1 : pending.forget(selection().shards().get(index));
  }

  /**
   * Where the client stands: before what waits, which leaves at its tick. Not sooner, when a shard
   * moves: a message would name the new place of that shard before its reset is told.
   */
  private long[] told() {
    return pending == null ? positions() : pending.before(positions(), selection());
  }

  /** Messages of its cohort, while it is live. */
  void offer(ByteBuf bytes, int messages, int shard, long before, long now) {
    if (!queue.offer(bytes, messages, shard, before, now)) {
      loop.hub().metrics().dropped(messages);
      fallBehind(shard, before);
      slow = true;
      loop.hub().metrics().fellBehind();
    }
  }

  /**
   * A message that names connections: for this one, or not. Named ones get a cursor with their id.
   */
  void offerAddressed(Event event, int shard) {
    if (!position.live() || ending != null) {
      return;
    }
    long before = event.sequence() - 1;
    if (pending != null) {
      offerForTick(List.of(event));
    } else if (selection().matches(event.payload(), id)) {
      long[] at = cursors().headBut(shard, event.sequence());
      byte[] bytes = cursors().encode(event, at);
      long now = loop.nanoTime();
      loop.hub().metrics().delivered(1, bytes.length);
      loop.hub().metrics().latency().delivered(event, now);
      offer(Unpooled.wrappedBuffer(bytes), 1, shard, before, now);
      teller.told(at);
    }
    if (ending == null && position.live() && selection().ends(event.payload())) {
      finish(cursors().headBut(shard, event.sequence()));
      return;
    }
    boolean named = event.payload().to().contains(id) || event.payload().exclude().contains(id);
    if (named && position.live()) {
      tellPosition(shard, event.sequence());
    }
  }

  /**
   * Gives the client a fresh cursor: everything of the shard up to there is behind it. Not before
   * what waits: messages in the queue may be dropped, a cursor behind them would not.
   */
  void tellPosition(int shard, long sequence) {
    if (pending != null && !pending.isEmpty()) {
      return; // a message that waits will name a place
    }
    if (queue.idle()) {
      teller.position(cursors().headBut(shard, sequence));
    } else {
      owesPosition = true;
    }
  }

  private void fallBehind(int shard, long before) {
    dropWaiting();
    position.fellBehind(queue.dropMessages(selection(), cursors().headBut(shard, before)));
    walking = false;
    cohort.leaveLive(this);
    walk();
  }

  private void dropWaiting() {
    if (queue.hasMessages()) {
      loop.hub().metrics().queued(queue.messages());
      loop.hub().metrics().dropped(queue.messages());
    }
  }

  /** A message of one of its topics is lost for whoever is live. */
  void lost(int shard, Reset reset) {
    int index = selection().indexOf(shard);
    if (!closed
        && ending == null
        && position.live()
        && index >= 0
        && selection().topics().get(index).containsAll(reset.topics())) {
      if (queue.hasMessages()) {
        // They may be dropped, a reset's cursor behind them would not: the walk tells of the loss.
        fallBehind(shard, loop.position(shard));
      } else {
        if (pending != null) {
          sendPending(pending, cursors().head());
        }
        teller.reset(reset, cursors().head());
      }
    }
  }

  /** A shard's position changed otherwise than by deliveries; the loop's already is the new one. */
  void shardMoved(int index, long before, Notice.ShardMoved moved) {
    if (closed || ending != null || position.resolving()) {
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
    long again = Math.min(forgetPending(index), end);
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
    forgetPending(index);
    if (position.live() && queue.hasMessages()) {
      fallBehind(moved.shard(), 0);
    }
    List<String> topics = selection().topics().get(index);
    position.newEpoch(index, topics);
    teller.reset(new Reset(Reset.Reason.EPOCH, topics), told());
    walkAgain();
  }

  /** What was asked for is of a version that is gone. */
  private void walkAgain() {
    walking = false;
    walk();
  }

  private long[] positions() {
    return position.live() ? cursors().head() : position.at();
  }

  /** Heartbeat and timeout. */
  void tick(long now, QueueSample sample) {
    if (closed) {
      return;
    }
    sample.add(!position.live(), queue.messages(), queue.bytes());
    tickNow();
    HubSettings settings = loop.hub().settings();
    if (queue.stalledFor(now) > settings.writeTimeout().toNanos()) {
      abort(CloseReason.WRITE_TIMEOUT);
      return;
    }
    boolean beats = !settings.heartbeat().isZero();
    Duration silence = beats ? settings.heartbeat() : REFRESH;
    if (queue.silentFor(now) < silence.toNanos() || !queue.idle() || ending != null) {
      return;
    }
    if (beats) {
      teller.heartbeat();
    }
    boolean waits = pending != null && !pending.isEmpty();
    if (position.live() && !waits && teller.toldLess(cursors().head())) {
      teller.position(cursors().head());
    }
  }

  /** What it was to end with was sent, as far as {@code at}. */
  void finish(long[] at) {
    if (closed || ending != null) {
      return;
    }
    ending = CloseReason.UNTIL;
    cohort.leaveLive(this);
    teller.ended(at);
    queue.endWhenIdle();
  }

  /** Who joined or left; a client that takes nothing misses it. */
  void tellPresence(byte[] event) {
    var unused = queue.offerAlone(Unpooled.wrappedBuffer(event), loop.nanoTime());
  }

  /** Says goodbye; the stream ends when what waits has left. */
  void close(CloseReason reason) {
    if (closed || ending != null) {
      return;
    }
    ending = reason;
    cohort.leaveLive(this);
    teller.closing(reason);
    queue.endWhenIdle();
  }

  /** An event that never was a message, for this connection alone; false if it takes no more. */
  boolean sendAlone(Payload payload, String timestamp) {
    byte[] event = Event.alone(payload, timestamp, selection().format());
    return queue.offerAlone(Unpooled.wrappedBuffer(event), loop.nanoTime());
  }

  /** A heartbeat now; false if the connection takes nothing. */
  boolean beat() {
    if (!queue.idle()) {
      return false;
    }
    teller.heartbeat();
    return true;
  }

  @Override
  public void end(CloseReason reason) {
    close(reason);
  }

  /** Another stream has its id from now on; nobody will look after this one any more. */
  void replaced() {
    if (queue.idle()) {
      close(CloseReason.REPLACED);
    } else {
      abort(CloseReason.REPLACED);
    }
  }

  /** Ends it at once. */
  void abort(CloseReason reason) {
    if (!closed) {
      ending = reason;
      queue.abort();
    }
  }

  @Override
  public void onDrained() {
    if (!closed) {
      queue.drained(loop.nanoTime());
      if (owesPosition && queue.idle() && ending == null) {
        owesPosition = false;
        if (position.live() && (pending == null || pending.isEmpty())) {
          teller.position(cursors().head());
        }
      }
      tickNow();
      walk();
    }
  }

  @Override
  public void onStarving() {
    abort(CloseReason.WRITE_TIMEOUT);
  }

  @Override
  public void onClosed() {
    if (closed) {
      return;
    }
    closed = true;
    dropWaiting();
    cohort.leaveLive(this);
    cohort.left();
    loop.remove(this);
    if (request.extras().presence()) {
      loop.watchers().remove(this);
    }
    queue.release();
    loop.hub().closed(this, ending == null ? CloseReason.GONE : ending);
  }

  String id() {
    return id;
  }

  /** Whether it is one of the open connections: not on its way out. */
  boolean listed() {
    return !closed && ending == null;
  }

  ConnectionState state() {
    if (arrived) {
      return new ConnectionState.Connected();
    }
    return request.start() instanceof StreamRequest.Start.After && teller.begun()
        ? new ConnectionState.Reconnecting()
        : new ConnectionState.Connecting();
  }

  /** When it was opened, milliseconds of the epoch. */
  long createdAt() {
    return createdAt;
  }

  /** Since when nothing was given to its socket. */
  long silentMillis() {
    return Math.max(0, queue.silentFor(loop.nanoTime())) / 1_000_000;
  }

  /** Messages, and events for it alone. */
  long eventsWritten() {
    return queue.events();
  }

  StreamRequest request() {
    return request;
  }

  Selection selection() {
    return cohort.selection();
  }

  Cohort cohort() {
    return cohort;
  }

  private Cursors cursors() {
    return cohort.cursors();
  }
}
