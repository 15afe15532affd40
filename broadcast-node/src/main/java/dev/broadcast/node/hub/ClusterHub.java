package dev.broadcast.node.hub;

import dev.broadcast.api.Message;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.transport.StreamTransport;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
public final class ClusterHub implements Hub, HubContext {
  private final Backplane backplane;
  private final Roster roster;
  private final HubSettings settings;
  private final HubMetrics metrics = new HubMetrics();
  private final HubThreads threads;
  private final Intake intake;
  private final HubParts parts;
  private final Turns turns;
  private final Sequencer sequencer;
  private final Publishing publishing;
  private final HistoryQueries history;
  private final Loops loops;
  private final Admissions admissions;
  private final Streams streams;
  private final ClusterConnections registry;
  private final ClusterFigures figures;
  private final TopicFigures topicFigures;
  private final ConnectionHooks hooks = new ConnectionHooks();
  private final NodeNews news;
  private final HtmlEvents html = new HtmlEvents();
  private final Presences presences;
  private final HubPeer peer;
  private final HubStatus status;
  private volatile boolean draining;

  /**
   * With no stream and no attachment yet.
   *
   * @param fatal told why this node must end
   * @param intake what messages pass before they are published
   */
  public ClusterHub(
      Backplane backplane,
      Roster roster,
      HubSettings settings,
      HubThreads threads,
      ByteBufAllocator allocator,
      Consumer<String> fatal,
      Intake intake) {
    this(backplane, roster, settings, threads, allocator, fatal, intake, new HubParts());
  }

  /** The same of other parts. */
  ClusterHub(
      Backplane backplane,
      Roster roster,
      HubSettings settings,
      HubThreads threads,
      ByteBufAllocator allocator,
      Consumer<String> fatal,
      Intake intake,
      HubParts parts) {
    this.intake = intake;
    this.parts = parts;
    this.backplane = backplane;
    this.roster = roster;
    this.settings = settings;
    this.threads = threads;
    LongSupplier nanoTime = threads.nanoTime();
    turns = new Turns(threads.nextTurn());
    sequencer = new Sequencer(backplane, settings, nanoTime, roster::report, metrics, turns, parts);
    publishing = new Publishing(backplane, roster, intake, metrics);
    history = new HistoryQueries(backplane, settings.historySize());
    loops = new Loops(threads, allocator, backplane.shards(), this);
    Takeovers takeovers = new Takeovers(roster, loops);
    news = new NodeNews(roster, nanoTime);
    registry = new ClusterConnections(roster, intake);
    presences =
        new Presences(
            roster, news, registry, presence -> Watchers.tell(loops.all(), presence), nanoTime);
    admissions =
        new Admissions(
            roster,
            new Places(settings.maxConnections(), settings.maxPerAddress(), settings.maxPerKey()),
            parts::connectionSuffix,
            takeovers,
            new Endings(backplane),
            presences);
    streams =
        new Streams(
            roster.nodeId(), loops, backplane::shardOf, admissions, hooks, presences, metrics);
    figures = new ClusterFigures(roster, nanoTime);
    topicFigures = new TopicFigures(backplane, roster, nanoTime);
    peer =
        new HubPeer(
            sequencer,
            new Responder(roster.nodeId(), loops.all(), admissions::open),
            figures,
            presences,
            takeovers,
            news,
            fatal);
    status = new HubStatus(backplane, roster, metrics, loops.all(), admissions::open);
  }

  /**
   * Attaches to the backplane and joins the cluster. Completes with whether the backplane could be
   * reached; it goes on trying if not. Fails if this node must not run here.
   */
  public CompletableFuture<Boolean> start() {
    threads.hub().execute(() -> loops.all().forEach(sequencer::add));
    return backplane
        .start(sequencer)
        .thenCompose(reached -> roster.join(peer).thenApply(joined -> reached))
        .whenComplete((reached, failure) -> presences.start());
  }

  /** Sends heartbeats and ends stalled connections; to be called about once a second. */
  public void tick() {
    presences.tick();
    for (Loop loop : loops.all()) {
      loop.execute(loop::tick);
    }
  }

  @Override
  public CompletableFuture<Admission> admit(StreamRequest request) {
    if (draining) {
      return CompletableFuture.completedFuture(
          new Admission.NotNow("draining", "this node is being stopped; ask another one"));
    }
    CompletableFuture<Admission> admitted = admissions.admit(request);
    // Where nothing is asked and nobody's id is taken over there is nothing to wait for, and a turn
    // less.
    return Admissions.mayWait(request) ? threads.onCallersLoop(admitted) : admitted;
  }

  @Override
  public Stream open(
      Admission.Granted admission, Function<StreamTransport.Listener, StreamTransport> transport) {
    return streams.open(admission, transport);
  }

  @Override
  public void forget(Admission.Granted admission) {
    streams.forget(admission);
  }

  @Override
  public void closed(Connection connection, CloseReason reason) {
    streams.closed(connection, reason);
  }

  @Override
  public CompletableFuture<Published> publish(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt) {
    return threads.onCallersLoop(publishing.publish(message, key, receipt));
  }

  @Override
  public void publish(
      Message message,
      @Nullable IdempotencyKey key,
      @Nullable Duration receipt,
      BiConsumer<@Nullable Published, @Nullable Throwable> told) {
    if (publishing.direct(message, receipt)) {
      var unused =
          publishing
              .publishDirectly(message, key)
              .whenComplete(new Answer(threads.currentLoop().get(), metrics, told));
    } else {
      Hub.super.publish(message, key, receipt, told);
    }
  }

  @Override
  public CompletableFuture<List<StoredMessage>> history(
      String topic, int limit, @Nullable String after, boolean addressed) {
    return threads.onCallersLoop(history.messages(topic, limit, after, addressed));
  }

  @Override
  public CompletableFuture<PublishOutcome> clearHistory(String topic) {
    return threads.onCallersLoop(backplane.clear(topic));
  }

  @Override
  public int connections() {
    return admissions.open();
  }

  @Override
  public CompletableFuture<ClusterCount> clusterConnections() {
    return threads.onCallersLoop(status.ofCluster());
  }

  @Override
  public Map<String, Object> nodeStatus() {
    return status.ofNode(draining);
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
    return new Farewell(loops.all(), admissions::open, threads.nanoTime(), this::later).say(within);
  }

  private void later(Duration after, Runnable step) {
    parts.later(after, threads.hub(), step);
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
    return threads.onCallersLoop(figures.latest());
  }

  @Override
  public CompletableFuture<Map<String, TopicFigure>> topicFigures(List<String> topics) {
    return threads.onCallersLoop(topicFigures.of(topics));
  }

  /** What this node's part in {@link #figures} is: one JSON object. */
  public void ownFigures(Supplier<String> json) {
    figures.own(json);
  }

  @Override
  public CompletableFuture<ClusterConnections.One> sendAlone(String id, Message message) {
    return threads.onCallersLoop(registry.sendAlone(id, message));
  }

  @Override
  public KnownTypes types() {
    return intake.types();
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
    return status.waiting();
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
    threads.hub().execute(() -> sequencer.walk(walk));
  }

  @Override
  public void pagesSent() {
    turns.roomAgain();
  }

  @Override
  public void use(Selection selection) {
    threads.hub().execute(() -> sequencer.use(selection));
  }
}
