package dev.broadcast.node;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.broadcaster.HandlerChain;
import dev.broadcast.api.broadcaster.MessageHandler;
import dev.broadcast.api.html.ElementBuilder;
import dev.broadcast.node.broadcaster.DebugLog;
import dev.broadcast.node.broadcaster.Jobs;
import dev.broadcast.node.broadcaster.NodeBroadcaster;
import dev.broadcast.node.http.BroadcastRoutes;
import dev.broadcast.node.hub.ClusterHub;
import dev.broadcast.node.hub.HubThreads;
import dev.broadcast.node.hub.Intake;
import dev.broadcast.node.hub.KnownTypes;
import dev.broadcast.node.ops.InvalidSettingException;
import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.ops.SettingsReader;
import dev.broadcast.node.ops.metrics.LoopLag;
import dev.broadcast.node.ops.metrics.NodeFigures;
import dev.broadcast.node.ops.metrics.NodeMetrics;
import dev.broadcast.node.transport.StreamTransports;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, put together: the only place that knows all parts. Start it once, stop it once.
 *
 * <p>Threads: one event loop a core; each runs a server and owns the connections it accepted; the
 * first one is the hub thread, too.
 */
public final class BroadcastNode {
  private static final Logger LOG = LoggerFactory.getLogger(BroadcastNode.class);
  private static final Duration HANDLER_LIMIT = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofSeconds(1);

  private final Settings settings;
  private final NodeAccess access;
  private final Vertx vertx;

  /** Null if the node is mounted: then loops, port and Vert.x are the program's. */
  private final @Nullable NodeServers servers;

  private final NodeBackplane backplane;
  private final Intake intake;
  private final ClusterHub hub;
  private final LoopLag lag;
  private final NodeMetrics metrics;
  private final Jobs jobs;
  private final NodeBroadcaster broadcaster;
  private final List<Long> timers = new ArrayList<>();

  private BroadcastNode(
      Settings settings,
      NodeAccess access,
      Vertx vertx,
      EventLoops loops,
      @Nullable NodeServers servers,
      Consumer<String> fatal) {
    this.settings = settings;
    this.access = access;
    this.vertx = vertx;
    this.servers = servers;
    backplane = NodeBackplane.of(settings, loops);
    intake =
        new Intake(
            new HandlerChain(HANDLER_LIMIT, BroadcastNode::reportHandler),
            new KnownTypes(settings.strict(), settings.eventTypes(), backplane.vocabulary()));
    hub =
        new ClusterHub(
            backplane.messages(),
            backplane.roster(),
            PartSettings.hub(settings),
            new HubThreads(
                loops.first(),
                loops.firstForNextTurn(),
                loops.all(),
                loops::current,
                System::nanoTime),
            PooledByteBufAllocator.DEFAULT,
            fatal,
            intake);
    lag = new LoopLag(loops.all(), loops::current, System::nanoTime);
    metrics = new NodeMetrics(hub, backplane.messages(), lag);
    hub.ownFigures(new NodeFigures(hub, backplane.messages(), lag, System::nanoTime)::json);
    jobs = new Jobs(hub, hub.news());
    broadcaster =
        new NodeBroadcaster(
            hub,
            intake,
            hub.hooks(),
            loops.all(),
            jobs,
            PartSettings.broadcaster(settings, HANDLER_LIMIT));
  }

  /**
   * Starts a node.
   *
   * @param fatal told, once and from any thread, if the running node finds that it must end
   * @return completes when it accepts connections; fails, with a message for the operator, if it
   *     must not run
   * @throws InvalidSettingException naming the flag, if a key or a file turns out to be none
   */
  public static CompletableFuture<BroadcastNode> start(Settings settings, Consumer<String> fatal) {
    Plugins plugins = Plugins.find(settings.access().plugins());
    NodeAccess access = new NodeAccess(settings, plugins.authenticators());
    NodeServers servers = new NodeServers(settings);
    Vertx vertx = servers.vertx();
    return servers
        .deploy()
        .thenCompose(
            loops -> {
              BroadcastNode node =
                  new BroadcastNode(settings, access, vertx, loops, servers, fatal);
              node.use(plugins);
              return node.orEnd(
                  node.begin()
                      .thenCompose(begun -> servers.listen(node.routes(), access.tls()))
                      .thenAccept(listening -> node.startClock()));
            })
        .whenComplete(
            (node, failure) -> {
              if (failure != null) {
                var unused = servers.close();
              }
            });
  }

  /**
   * Mounts the same routes on a program's own router, in front of its body handlers.
   *
   * @param vertx the program's
   * @param prefix empty, or a path such as {@code /live} which every route begins with
   * @param flags as on the command line; those of a listener ({@code --port}, TLS) mean nothing
   *     here, but say with {@code --host} where the program listens if that is beyond loopback
   * @return completes when streams can be served
   * @throws IllegalArgumentException if a flag is none or its value cannot be
   */
  public static CompletableFuture<BroadcastNode> mount(
      Vertx vertx, Router router, String prefix, String... flags) {
    return mount(vertx, router, prefix, List.of(), flags);
  }

  /**
   * The same for a program that says itself who may do what.
   *
   * @param authenticators asked after keys and tokens, in this order
   */
  public static CompletableFuture<BroadcastNode> mount(
      Vertx vertx,
      Router router,
      String prefix,
      List<Authenticator> authenticators,
      String... flags) {
    Settings settings = SettingsReader.of(!authenticators.isEmpty(), flags);
    Plugins plugins = Plugins.find(settings.access().plugins()).with(authenticators);
    NodeAccess access = new NodeAccess(settings, plugins.authenticators());
    return EventLoops.of(vertx)
        .thenCompose(
            loops -> {
              BroadcastNode node =
                  new BroadcastNode(
                      settings,
                      access,
                      vertx,
                      loops,
                      null,
                      why -> LOG.error("event=fatal {}", why));
              node.use(plugins);
              return node.orEnd(
                  node.begin()
                      .thenAccept(
                          begun -> {
                            node.routes().mount(router, prefix);
                            node.startClock();
                          }));
            });
  }

  /** This node once it has started; if it cannot, the others need not wait for it to vanish. */
  private CompletableFuture<BroadcastNode> orEnd(CompletableFuture<Void> started) {
    return started
        .thenApply(done -> this)
        .exceptionallyCompose(
            failure ->
                end()
                    .handle((done, ignored) -> null)
                    .thenCompose(ended -> CompletableFuture.failedFuture(failure)));
  }

  private void use(Plugins plugins) {
    if (settings.debug()) {
      DebugLog.install(broadcaster); // first: what came, not what handlers made of it
    }
    for (MessageHandler handler : plugins.handlers()) {
      LOG.info("event=handler name={}", handler.name());
      intake.handlers().add(handler);
    }
    for (Authenticator authenticator : plugins.authenticators()) {
      LOG.info("event=authenticator name={}", authenticator.name());
    }
  }

  private static void reportHandler(MessageHandler handler, Throwable failure) {
    LOG.warn("event=handler_failed handler={} reason={}", handler.name(), failure.toString());
  }

  private CompletableFuture<Void> begin() {
    return hub.start()
        .thenAccept(
            reached -> {
              if (!reached) {
                LOG.warn(
                    "Redis is not reached: start it (redis-server), or correct --redis-url. Until then"
                        + " streams wait, publishing is answered with 503, and this node goes on"
                        + " trying: {}",
                    backplane.messages().health().detail());
              }
            });
  }

  private BroadcastRoutes routes() {
    return new BroadcastRoutes(
        vertx,
        hub,
        PartSettings.http(settings),
        access.guard(backplane.tickets()::secret),
        StreamTransports::open,
        backplane.tickets(),
        metrics);
  }

  private void startClock() {
    long period = Math.max(50, Math.min(TICK.toMillis(), beat().toMillis() / 4));
    timers.add(vertx.setPeriodic(period, id -> hub.tick()));
    timers.add(vertx.setPeriodic(TICK.toMillis(), id -> jobs.tick()));
    timers.add(vertx.setPeriodic(TICK.toMillis(), id -> lag.beat(TICK.toNanos())));
  }

  private Duration beat() {
    return settings.heartbeat().isZero() ? TICK.multipliedBy(4) : settings.heartbeat();
  }

  /** Publishes, subscribes and looks after connections, for the program that this is part of. */
  public Broadcaster broadcaster() {
    return broadcaster;
  }

  /** What makes HTML of messages for clients that ask for {@code format=html}. */
  public BroadcastNode elements(ElementBuilder builder) {
    hub.html().use(builder);
    return this;
  }

  /** The port that it listens on; 0 if it is mounted. */
  public int port() {
    return servers == null ? 0 : servers.port();
  }

  /** What it listens on, as people type it. */
  public String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return (access.tls() == null ? "http://" : "https://") + host + ":" + port();
  }

  /**
   * Says goodbye to every stream, answers what has been asked, leaves the cluster, and stops.
   *
   * @return completes within about the drain time
   */
  public CompletableFuture<Void> stop() {
    Departure departure = servers == null ? null : servers.leave();
    return hub.drain(settings.drain())
        .thenCompose(drained -> departure == null ? done() : departure.settled())
        .thenCompose(done -> end())
        .thenCompose(done -> servers == null ? done() : servers.close());
  }

  private CompletableFuture<Void> end() {
    return backplane
        .leave()
        .thenAccept(
            left -> {
              timers.forEach(vertx::cancelTimer);
              broadcaster.close();
            });
  }

  private static CompletableFuture<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
