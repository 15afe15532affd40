package dev.broadcast.node.hub;

import dev.broadcast.api.Message;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hub of a node: brings together the hub thread's sequencer, the loops, and the roster of
 * nodes.
 */
public final class ClusterHub implements Hub, HubContext, Roster.Peer {
  private static final String REPLACED = "replaced ";
  private static final Duration ASK = Duration.ofSeconds(1);

  private final Backplane backplane;
  private final Roster roster;
  private final HubSettings settings;
  private final HubMetrics metrics = new HubMetrics();
  private final Executor hubThread;
  private final LongSupplier nanoTime;
  private final Supplier<@Nullable Executor> currentLoop;
  private final Consumer<String> fatal;
  private final Intake intake;
  private final HubParts parts;
  private final Turns turns;
  private final Sequencer sequencer;
  private final Publishing publishing;
  private final HistoryQueries history;
  private final Map<Executor, Loop> loops = new LinkedHashMap<>();
  private final List<Loop> loopList = new CopyOnWriteArrayList<>();
  private final Admissions admissions;
  private final ClusterConnections registry;
  private final ClusterFigures figures;
  private final TopicFigures topicFigures;
  private final Endings endings;
  private final ConnectionHooks hooks = new ConnectionHooks();
  private final NodeNews news;
  private final HtmlEvents html = new HtmlEvents();
  private final Presences presences;
  private final Responder responder;
  private volatile boolean draining;

  /**
   * @param hubThread runs one task at a time, in the order given
   * @param nextTurn the same, once it has looked after its sockets
   * @param loops the event loops that may own connections
   * @param currentLoop which of them the caller is on, or null
   * @param fatal told why this node must end
   * @param intake what messages pass before they are published
   */
  public ClusterHub(
      Backplane backplane,
      Roster roster,
      HubSettings settings,
      Executor hubThread,
      Executor nextTurn,
      List<Executor> loops,
      Supplier<@Nullable Executor> currentLoop,
      LongSupplier nanoTime,
      ByteBufAllocator allocator,
      Consumer<String> fatal,
      Intake intake) {
    this(
        backplane,
        roster,
        settings,
        hubThread,
        nextTurn,
        loops,
        currentLoop,
        nanoTime,
        allocator,
        fatal,
        intake,
        new HubParts());
  }

  /** The same of other parts. */
  ClusterHub(
      Backplane backplane,
      Roster roster,
      HubSettings settings,
      Executor hubThread,
      Executor nextTurn,
      List<Executor> loops,
      Supplier<@Nullable Executor> currentLoop,
      LongSupplier nanoTime,
      ByteBufAllocator allocator,
      Consumer<String> fatal,
      Intake intake,
      HubParts parts) {
    this.intake = intake;
    this.parts = parts;
    this.backplane = backplane;
    this.roster = roster;
    this.settings = settings;
    this.hubThread = hubThread;
    this.nanoTime = nanoTime;
    this.currentLoop = currentLoop;
    this.fatal = fatal;
    turns = new Turns(nextTurn);
    sequencer = new Sequencer(backplane, settings, nanoTime, roster::report, metrics, turns, parts);
    publishing = new Publishing(backplane, roster);
    admissions =
        new Admissions(
            roster,
            new Places(settings.maxConnections(), settings.maxPerAddress(), settings.maxPerKey()),
            parts::connectionSuffix,
            this::replacedEverywhere);
    history = new HistoryQueries(backplane, settings.historySize());
    for (Executor executor : loops) {
      Loop loop = new Loop(executor, nanoTime, allocator, backplane.shards(), this);
      this.loops.put(executor, loop);
      loopList.add(loop);
    }
    endings = new Endings(backplane);
    news = new NodeNews(roster);
    presences = new Presences(roster, loopList, nanoTime);
    registry = new ClusterConnections(roster, intake);
    figures = new ClusterFigures(roster, nanoTime);
    topicFigures = new TopicFigures(backplane, roster, nanoTime);
    responder = new Responder(roster.nodeId(), loopList, admissions::open);
  }

  /**
   * Attaches to the backplane and joins the cluster. Completes with whether the backplane could be
   * reached; it goes on trying if not. Fails if this node must not run here.
   */
  public CompletableFuture<Boolean> start() {
    hubThread.execute(() -> loopList.forEach(sequencer::add));
    return backplane
        .start(sequencer)
        .thenCompose(reached -> roster.join(this).thenApply(joined -> reached))
        .whenComplete((reached, failure) -> presences.start());
  }

  /** Sends heartbeats and ends stalled connections; to be called about once a second. */
  public void tick() {
    presences.tick();
    for (Loop loop : loopList) {
      loop.execute(loop::tick);
    }
  }

  @Override
  public CompletableFuture<Admission> admit(StreamRequest request) {
    if (draining) {
      return CompletableFuture.completedFuture(
          new Admission.NotNow("draining", "this node is being stopped; ask another one"));
    }
    if (!request.extras().until().isEmpty() || request.extras().presence()) {
      return onCallersLoop(admitWithExtras(request));
    }
    CompletableFuture<Admission> admitted = admissions.admit(request);
    // Where nobody's id is taken over there is nothing to wait for, and a turn less.
    return Admissions.mayReplace(request) ? onCallersLoop(admitted) : admitted;
  }

  private CompletableFuture<Admission> admitWithExtras(StreamRequest request) {
    return endings
        .ended(request)
        .thenCompose(
            ended -> {
              if (ended) {
                return CompletableFuture.completedFuture(new Admission.Ended());
              }
              if (!request.extras().presence()) {
                return admissions.admit(request);
              }
              return presences
                  .watch(request)
                  .thenCompose(known -> admissions.admit(request))
                  .thenApply(
                      admission -> {
                        if (!(admission instanceof Admission.Granted)) {
                          presences.unwatch(request);
                        }
                        return admission;
                      });
            });
  }

  @Override
  public Stream open(
      Admission.Granted admission, Function<StreamTransport.Listener, StreamTransport> transport) {
    Executor here = currentLoop.get();
    Loop loop = here == null ? null : loops.get(here);
    if (loop == null) {
      throw new IllegalStateException("a stream opens on one of the node's event loops");
    }
    Connection stream =
        Connection.open(
            loop,
            admission.request(),
            Selection.of(admission.request(), backplane::shardOf),
            admission.connectionId(),
            transport);
    metrics.opened();
    hooks.connected(stream, nodeId());
    presences.happened(Presence.Action.JOIN, admission.request(), admission.connectionId());
    return stream;
  }

  @Override
  public void forget(Admission.Granted admission) {
    if (admission.request().extras().presence()) {
      presences.unwatch(admission.request());
    }
    admissions.left(admission.request(), admission.connectionId(), CloseReason.GONE);
  }

  @Override
  public void closed(Connection connection, CloseReason reason) {
    if (connection.request().extras().presence()) {
      presences.unwatch(connection.request());
    }
    hooks.disconnected(connection, nodeId(), reason);
    if (reason != CloseReason.REPLACED) {
      presences.happened(Presence.Action.LEAVE, connection.request(), connection.id());
    }
    metrics.disconnected(reason);
    admissions.left(connection.request(), connection.id(), reason);
  }

  @Override
  public CompletableFuture<Published> publish(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt) {
    if (intake.passes(message)) {
      return onCallersLoop(publishAsIs(message, key, receipt));
    }
    return onCallersLoop(
        intake
            .admit(message)
            .thenCompose(
                admitted ->
                    publishAsIs(admitted, key, receipt)
                        .thenApply(p -> new Published(p.outcome(), p.receipt(), admitted))));
  }

  private CompletableFuture<Published> publishAsIs(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt) {
    CompletableFuture<Published> published =
        receipt == null
            ? publishing.publish(message, key).thenApply(outcome -> new Published(outcome, null))
            : publishing.publish(message, key, receipt);
    return published.whenComplete(
        (done, failure) -> metrics.published(done == null ? null : done.outcome()));
  }

  @Override
  public void publish(
      Message message,
      @Nullable IdempotencyKey key,
      @Nullable Duration receipt,
      BiConsumer<@Nullable Published, @Nullable Throwable> told) {
    if (receipt == null && intake.passes(message)) {
      var unused =
          publishing
              .publish(message, key)
              .whenComplete(new Answer(currentLoop.get(), metrics, told));
    } else {
      Hub.super.publish(message, key, receipt, told);
    }
  }

  @Override
  public CompletableFuture<List<StoredMessage>> history(
      String topic, int limit, @Nullable String after, boolean addressed) {
    return onCallersLoop(history.messages(topic, limit, after, addressed));
  }

  @Override
  public CompletableFuture<PublishOutcome> clearHistory(String topic) {
    return onCallersLoop(backplane.clear(topic));
  }

  @Override
  public int connections() {
    return admissions.open();
  }

  @Override
  public CompletableFuture<ClusterCount> clusterConnections() {
    return onCallersLoop(
        roster
            .ask(Question.COUNT, ASK)
            .thenApply(
                gathered ->
                    new ClusterCount(
                        gathered.answers().values().stream().mapToInt(Integer::parseInt).sum(),
                        gathered.answers().size(),
                        gathered.missing())));
  }

  @Override
  public Map<String, Object> nodeStatus() {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("id", roster.nodeId());
    status.put("connected_clients", connections());
    status.put("events_delivered", metrics.eventsDelivered());
    status.put("events_replayed", metrics.eventsReplayed());
    status.put("resets", metrics.resets());
    Map<String, Long> disconnects = new LinkedHashMap<>();
    for (CloseReason reason : CloseReason.values()) {
      disconnects.put(reason.wire(), metrics.disconnects(reason));
    }
    status.put("disconnects", disconnects);
    status.put("draining", draining);
    status.put("backplane", backplane.health().detail());
    return status;
  }

  @Override
  public Backplane.Health health() {
    return backplane.health();
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public CompletableFuture<Void> drain(Duration within) {
    draining = true;
    return new Farewell(loopList, admissions::open, nanoTime, parts::later).say(within);
  }

  @Override
  public HtmlEvents html() {
    return html;
  }

  /** Tells the program of this node's connections. */
  public ConnectionHooks hooks() {
    return hooks;
  }

  /** What the nodes tell each other. */
  public NodeNews news() {
    return news;
  }

  @Override
  public ClusterConnections registry() {
    return registry;
  }

  @Override
  public CompletableFuture<ClusterFigures.All> figures() {
    return onCallersLoop(figures.latest());
  }

  @Override
  public CompletableFuture<Map<String, TopicFigure>> topicFigures(List<String> topics) {
    return onCallersLoop(topicFigures.of(topics));
  }

  /** What this node's part in {@link #figures} is: one JSON object. */
  public void ownFigures(Supplier<String> json) {
    figures.own(json);
  }

  @Override
  public CompletableFuture<ClusterConnections.One> sendAlone(String id, Message message) {
    return onCallersLoop(
        intake.admitAlone(message).thenCompose(known -> registry.deliver(id, known)));
  }

  @Override
  public KnownTypes types() {
    return intake.types();
  }

  @Override
  public CompletableFuture<String> answer(String question) {
    if (presences.concerns(question)) {
      return CompletableFuture.completedFuture(presences.told(question));
    }
    if (question.equals(Question.FIGURES)) {
      return CompletableFuture.completedFuture(figures.own());
    }
    if (question.startsWith(Question.RECEIVED + '\n')) {
      return CompletableFuture.completedFuture(TopicFigures.answer(question, sequencer));
    }
    return responder.answer(question);
  }

  @Override
  public void told(String text) {
    if (text.startsWith(REPLACED)) {
      replaced(text.substring(REPLACED.length()));
    } else if (news.told(text)) {
      return;
    } else if (presences.concerns(text)) {
      var unused = presences.told(text);
    }
  }

  @Override
  public void claimLost(String connectionId) {
    replaced(connectionId);
  }

  private void replacedEverywhere(String connectionId) {
    replaced(connectionId);
    roster.tell(REPLACED + connectionId);
  }

  /** Ends whatever stream has the id. On the caller's own loop at once: the next one is coming. */
  private void replaced(String connectionId) {
    Executor here = currentLoop.get();
    loops.forEach(
        (executor, loop) -> {
          if (executor.equals(here)) {
            replaced(loop, connectionId);
          } else {
            loop.execute(() -> replaced(loop, connectionId));
          }
        });
  }

  private static void replaced(Loop loop, String connectionId) {
    Connection connection = loop.find(connectionId);
    if (connection != null) {
      connection.replaced();
    }
  }

  @Override
  public void refused(String message) {
    fatal.accept(message);
  }

  @Override
  public HubSettings settings() {
    return settings;
  }

  @Override
  public HubMetrics metrics() {
    return metrics;
  }

  /** What waits for the connections, as of the last second. */
  public Waiting waiting() {
    int behind = 0;
    long messages = 0;
    long bytes = 0;
    for (Loop loop : loopList) {
      QueueSample sample = loop.sampled();
      behind += sample.behind();
      messages += sample.messages();
      bytes += sample.bytes();
    }
    return new Waiting(behind, messages, bytes);
  }

  /**
   * What waits for connections.
   *
   * @param behind connections that are not at the head
   * @param messages in all queues
   * @param bytes in all queues
   */
  public record Waiting(int behind, long messages, long bytes) {}

  @Override
  public HubParts parts() {
    return parts;
  }

  @Override
  public String nodeId() {
    return roster.nodeId();
  }

  @Override
  public void walk(Walk walk) {
    hubThread.execute(() -> sequencer.walk(walk));
  }

  @Override
  public void pagesSent() {
    turns.roomAgain();
  }

  @Override
  public void use(Selection selection) {
    hubThread.execute(() -> sequencer.use(selection));
  }

  private <T> CompletableFuture<T> onCallersLoop(CompletableFuture<T> future) {
    Executor here = currentLoop.get();
    if (here == null) {
      return future;
    }
    // Also if it is done: who took an id over must not open before its loop, which was told to end
    // the old stream, has done so; it would end the new one.
    return future.whenCompleteAsync((value, failure) -> {}, here);
  }
}
