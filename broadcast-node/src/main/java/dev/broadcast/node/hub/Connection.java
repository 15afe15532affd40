package dev.broadcast.node.hub;

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

  private final Loop loop;
  private final Cohort cohort;
  private final StreamRequest request;
  private final String id;
  private final SendQueue queue;
  private final Teller teller;
  private final Position position;
  private boolean walking;
  private boolean slow;
  private boolean owesPosition;
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
    boolean atHead =
        request.start() instanceof StreamRequest.Start.Now && loop.knows(cohort.selection());
    position = atHead ? Position.atHead() : Position.unresolved();
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
    if (position.live()) {
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
    teller.resets(page, before);
    if (slow && !page.resets().isEmpty()) {
      close(CloseReason.BEHIND);
      return;
    }
    teller.page(page);
    if (position.live()) {
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
    if (selection().matches(event.payload(), id)) {
      long[] at = cursors().headBut(shard, event.sequence());
      byte[] bytes = cursors().encode(event, at);
      long now = loop.nanoTime();
      loop.hub().metrics().delivered(1, bytes.length);
      loop.hub().metrics().latency().delivered(event, now);
      offer(Unpooled.wrappedBuffer(bytes), 1, shard, before, now);
      teller.told(at);
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
    if (position.live() && queue.hasMessages()) {
      fallBehind(moved.shard(), before);
    }
    position.rewound(index, selection().topics().get(index), end);
    if (sawMore) {
      List<String> affected = new ArrayList<>(selection().topics().get(index));
      moved.touched().ifPresent(affected::retainAll);
      if (affected.isEmpty()) {
        teller.position(positions());
      } else {
        teller.reset(new Reset(Reset.Reason.GENERATION, affected), positions());
      }
    }
    walkAgain();
  }

  private void newEpoch(int index, Notice.ShardMoved moved) {
    cohort.forgetTold();
    if (position.live() && queue.hasMessages()) {
      fallBehind(moved.shard(), 0);
    }
    List<String> topics = selection().topics().get(index);
    position.newEpoch(index, topics);
    teller.reset(new Reset(Reset.Reason.EPOCH, topics), positions());
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
    if (position.live() && teller.toldLess(cursors().head())) {
      teller.position(cursors().head());
    }
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
        if (position.live()) {
          teller.position(cursors().head());
        }
      }
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
    queue.release();
    loop.hub().closed(this, ending == null ? CloseReason.GONE : ending);
  }

  String id() {
    return id;
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
