package dev.broadcast.node.hub;

import dev.broadcast.api.connection.ConnectionState;
import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client's open stream, from its head to its end: what waits for its socket ({@link
 * SendQueue}), what brings it the messages ({@link Follower}), and what it is told beside them
 * ({@link Teller}). Only on its event loop.
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
  private final Follower follower;
  private final long createdAt = System.currentTimeMillis();
  private @Nullable CloseReason ending;
  private boolean closed;

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
    HubSettings settings = loop.hub().settings();
    cohort.joined();
    loop.add(this);
    queue = loop.hub().parts().queue(transport.apply(this), settings, loop.nanoTime());
    teller = new Teller(loop, cohort, request, id, queue);
    follower = new Follower(this, loop, cohort, queue, teller);
  }

  /** Opens a stream whose head is on its way; on the loop that owns its socket. */
  static Connection open(
      Loop loop,
      StreamRequest request,
      Selection selection,
      String id,
      Function<StreamTransport.Listener, StreamTransport> transport) {
    Connection connection = new Connection(loop, loop.join(selection), request, id, transport);
    if (!connection.closed) {
      if (request.extras().presence()) {
        loop.watchers().add(connection);
      }
      connection.follower.begin();
    }
    return connection;
  }

  /** Its next page arrived. */
  void walked(int token, Page page) {
    if (listed()) {
      follower.walked(token, page);
    }
  }

  /** Its next page has to wait for the backplane. */
  void waits() {
    if (listed()) {
      follower.waits();
    }
  }

  /** Messages of its cohort, while it is live. */
  void offer(ByteBuf bytes, int messages, int shard, long before, long now) {
    if (!queue.offer(bytes, messages, shard, before, now)) {
      follower.overflowed(messages, shard, before);
    }
  }

  /** The same of a throttled cohort. */
  void offerForTick(List<Event> events) {
    follower.offerForTick(events);
  }

  /** A message that names connections: for this one, or not. */
  void offerAddressed(Event event, int shard) {
    if (follower.live() && ending == null) {
      follower.offerAddressed(event, shard);
    }
  }

  /** Gives the client a fresh cursor: everything of the shard up to there is behind it. */
  void tellPosition(int shard, long sequence) {
    follower.tellPosition(shard, sequence);
  }

  /** A message of one of its topics is lost for whoever is live. */
  void lost(int shard, Reset reset) {
    if (listed()) {
      follower.lost(shard, reset);
    }
  }

  /** A shard's position changed otherwise than by deliveries; the loop's already is the new one. */
  void shardMoved(int index, long before, Notice.ShardMoved moved) {
    if (listed()) {
      follower.shardMoved(index, before, moved);
    }
  }

  /** Its throttle's time has come. */
  void sendIfDue() {
    if (!closed) {
      follower.sendIfDue();
    }
  }

  /** Who joined or left; a client that takes nothing misses it. */
  void tellPresence(byte[] event) {
    var unused = queue.offerAlone(Unpooled.wrappedBuffer(event), loop.nanoTime());
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

  /** Heartbeat and timeout. */
  void tick(long now, QueueSample sample) {
    if (closed) {
      return;
    }
    sample.add(!follower.live(), queue.messages(), queue.bytes());
    follower.sendIfDue();
    HubSettings settings = loop.hub().settings();
    if (queue.stalledFor(now) > settings.writeTimeout().toNanos()) {
      abort(CloseReason.WRITE_TIMEOUT);
      return;
    }
    boolean beats = !settings.heartbeat().isZero();
    Duration silence = beats ? settings.heartbeat() : REFRESH;
    if (queue.silentFor(now) >= silence.toNanos() && queue.idle() && ending == null) {
      if (beats) {
        teller.heartbeat();
      }
      follower.refresh();
    }
  }

  /** What it was to end with was sent, as far as {@code at}. */
  void finish(long[] at) {
    if (endFor(CloseReason.UNTIL)) {
      teller.ended(at);
      queue.endWhenIdle();
    }
  }

  /** Says goodbye; the stream ends when what waits has left. */
  void close(CloseReason reason) {
    if (endFor(reason)) {
      teller.closing(reason);
      queue.endWhenIdle();
    }
  }

  private boolean endFor(CloseReason reason) {
    if (!listed()) {
      return false;
    }
    ending = reason;
    cohort.leaveLive(this);
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
      follower.drained();
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

  /** Counts the messages that wait as dropped: they will be, or are read again. */
  void dropWaiting() {
    if (queue.hasMessages()) {
      loop.hub().metrics().queued(queue.messages());
      loop.hub().metrics().dropped(queue.messages());
    }
  }

  /** Whether it is one of the open connections: not on its way out. */
  boolean listed() {
    return !closed && ending == null;
  }

  String id() {
    return id;
  }

  ConnectionState state() {
    return follower.state();
  }

  /** When it was opened, milliseconds of the epoch. */
  long createdAt() {
    return createdAt;
  }

  /** Since when nothing was given to its socket. */
  long silentMillis() {
    return Math.max(0, queue.silentFor(loop.nanoTime())) / 1_000_000;
  }

  /** Messages that it has yet to pass; negative while that is not known. */
  long lag() {
    return follower.lag();
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
}
