package dev.broadcast.node;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.broadcaster.HandlerChain;
import dev.broadcast.api.broadcaster.MessageHandler;
import dev.broadcast.api.html.ElementBuilder;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.BackplaneSettings;
import dev.broadcast.node.backplane.MemoryBackplane;
import dev.broadcast.node.backplane.MemoryRoster;
import dev.broadcast.node.backplane.MemoryTickets;
import dev.broadcast.node.backplane.MemoryVocabulary;
import dev.broadcast.node.backplane.RedisBackplane;
import dev.broadcast.node.backplane.RedisSettings;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.backplane.Tickets;
import dev.broadcast.node.backplane.Vocabulary;
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
import dev.broadcast.node.transport.GuardedTransport;
import dev.broadcast.node.transport.IncomingLimits;
import dev.broadcast.node.transport.OpenRequests;
import dev.broadcast.node.transport.StreamTransports;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private final Backplane backplane;
  private final Roster roster;
  private final Tickets tickets;
  private final Intake intake;
  private final ClusterHub hub;
  private final LoopLag lag;
  private final NodeMetrics metrics;
  private final List<ServerVerticle> servers;
  private final OpenRequests requests;
  private final Jobs jobs;
  private final NodeBroadcaster broadcaster;
  private final List<Long> timers = new ArrayList<>();
  private volatile int port;

  private BroadcastNode(
      Settings settings,
      NodeAccess access,
      Vertx vertx,
      EventLoops loops,
      List<ServerVerticle> servers,
      OpenRequests requests,
      Consumer<String> fatal) {
    this.requests = requests;
    this.settings = settings;
    this.access = access;
    this.vertx = vertx;
    this.servers = servers;
    Executor hubThread = loops.all().get(0);
    Executor nextTurn = loops.firstForNextTurn();
    BackplaneSettings kept = PartSettings.backplane(settings);
    RedisSettings redis = settings.redis();
    Vocabulary vocabulary;
    if (redis == null) {
      backplane = new MemoryBackplane(kept, hubThread, nextTurn, InstantSource.system());
      roster = new MemoryRoster(kept.nodeId(), hubThread, InstantSource.system());
      tickets = new MemoryTickets(hubThread, InstantSource.system(), NodeAccess.seed(settings));
      vocabulary = new MemoryVocabulary(hubThread);
    } else {
      RedisBackplane shared =
          new RedisBackplane(kept, redis, hubThread, nextTurn, loops.firstForSockets());
      backplane = shared;
      roster = shared.roster();
      tickets = shared.tickets();
      vocabulary = shared.vocabulary();
    }
    intake =
        new Intake(
            new HandlerChain(HANDLER_LIMIT, BroadcastNode::reportHandler),
            new KnownTypes(settings.strict(), settings.eventTypes(), vocabulary));
    hub =
        new ClusterHub(
            backplane,
            roster,
            PartSettings.hub(settings),
            new HubThreads(hubThread, nextTurn, loops.all(), loops::current, System::nanoTime),
            PooledByteBufAllocator.DEFAULT,
            fatal,
            intake);
    lag = new LoopLag(loops.all(), loops::current, System::nanoTime);
    metrics = new NodeMetrics(hub, backplane, lag);
    hub.ownFigures(new NodeFigures(hub, backplane, lag, System::nanoTime)::json);
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

  /** What makes HTML of messages for clients that ask for {@code format=html}. */
  public BroadcastNode elements(ElementBuilder builder) {
    hub.html().use(builder);
    return this;
  }

  /** Publishes, subscribes and looks after connections, for the program that this is part of. */
  public Broadcaster broadcaster() {
    return broadcaster;
  }

  private static void reportHandler(MessageHandler handler, Throwable failure) {
    LOG.warn("event=handler_failed handler={} reason={}", handler.name(), failure.toString());
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
    OpenRequests requests = new OpenRequests();
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()))
            .withTransport(GuardedTransport.best(PartSettings.incoming(settings, requests)))
            .build();
    EventLoops loops = new EventLoops();
    List<ServerVerticle> servers = new ArrayList<>();
    List<Future<String>> deployed = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      ServerVerticle server = new ServerVerticle(loops);
      servers.add(server);
      deployed.add(vertx.deployVerticle(server));
    }
    CompletableFuture<BroadcastNode> started =
        Future.join(deployed)
            .toCompletionStage()
            .toCompletableFuture()
            .thenCompose(
                done -> {
                  BroadcastNode node =
                      new BroadcastNode(settings, access, vertx, loops, servers, requests, fatal);
                  node.use(plugins);
                  return node.begin().thenCompose(begun -> node.listen());
                });
    return started.whenComplete(
        (node, failure) -> {
          if (failure != null) {
            vertx.close();
          }
        });
  }

  private CompletableFuture<BroadcastNode> begin() {
    return hub.start()
        .thenApply(
            reached -> {
              if (!reached) {
                LOG.warn(
                    "Redis is not reached: start it (redis-server), or correct --redis-url. Until then"
                        + " streams wait, publishing is answered with 503, and this node goes on"
                        + " trying: {}",
                    backplane.health().detail());
              }
              return this;
            });
  }

  private BroadcastRoutes routes() {
    return new BroadcastRoutes(
        vertx,
        hub,
        PartSettings.http(settings),
        access.guard(tickets::secret),
        StreamTransports::open,
        tickets,
        metrics);
  }

  private void startClock() {
    long period = Math.max(50, Math.min(TICK.toMillis(), beat().toMillis() / 4));
    timers.add(vertx.setPeriodic(period, id -> hub.tick()));
    timers.add(vertx.setPeriodic(TICK.toMillis(), id -> jobs.tick()));
    timers.add(vertx.setPeriodic(TICK.toMillis(), id -> lag.beat(TICK.toNanos())));
  }

  private CompletableFuture<BroadcastNode> listen() {
    BroadcastRoutes routes = routes();
    IncomingLimits limits = PartSettings.incoming(settings, requests);
    // Vert.x shares a port that was picked at random among all who ask for the same negative one.
    int wanted = settings.port() == 0 ? -1 : settings.port();
    List<CompletableFuture<Integer>> bound =
        servers.stream()
            .map(server -> server.listen(routes, limits, access.tls(), settings.host(), wanted))
            .collect(Collectors.toCollection(ArrayList::new));
    int management = settings.access().managementPort();
    if (management > 0) {
      bound.add(servers.get(0).listenForManagement(routes, limits, settings.host(), management));
    }
    return CompletableFuture.allOf(bound.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              port = bound.get(0).join();
              startClock();
              if (access.tls() != null) {
                access.tls().watch(vertx, tls -> servers.forEach(server -> server.renew(tls)));
              }
              return this;
            });
  }

  private Duration beat() {
    return settings.heartbeat().isZero() ? TICK.multipliedBy(4) : settings.heartbeat();
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
    EventLoops loops = new EventLoops();
    return allLoops(vertx, loops, 0)
        .thenCompose(
            found -> {
              BroadcastNode node =
                  new BroadcastNode(
                      settings,
                      access,
                      vertx,
                      loops,
                      List.of(),
                      new OpenRequests(),
                      why -> LOG.error("event=fatal {}", why));
              node.use(plugins);
              return node.begin()
                  .thenApply(
                      begun -> {
                        node.routes().mount(router, prefix);
                        node.startClock();
                        return node;
                      });
            });
  }

  /** A verticle each, until a whole round has met no other loop. */
  private static CompletableFuture<Void> allLoops(Vertx vertx, EventLoops loops, int known) {
    Supplier<Verticle> meeting =
        () ->
            new AbstractVerticle() {
              @Override
              public void start() {
                loops.add(context);
              }
            };
    return vertx
        .deployVerticle(
            meeting,
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE))
        .toCompletionStage()
        .toCompletableFuture()
        .thenCompose(
            id ->
                loops.all().size() == known
                    ? CompletableFuture.completedFuture(null)
                    : allLoops(vertx, loops, loops.all().size()));
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** What it listens on, as people type it. */
  public String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return (access.tls() == null ? "http://" : "https://") + host + ":" + port;
  }

  /**
   * Says goodbye to every stream, answers what has been asked, leaves the cluster, and stops.
   *
   * @return completes within about the drain time
   */
  public CompletableFuture<Void> stop() {
    Departure departure =
        servers.isEmpty() ? null : new Departure(vertx, requests, settings.drain());
    return hub.drain(settings.drain())
        .thenCompose(
            done ->
                departure == null ? CompletableFuture.completedFuture(null) : departure.settled())
        .thenCompose(done -> leave())
        .thenCompose(
            done -> {
              timers.forEach(vertx::cancelTimer);
              broadcaster.close();
              return servers.isEmpty() // mounted: the program's own
                  ? CompletableFuture.completedFuture(null)
                  : vertx.close().toCompletionStage();
            })
        .thenApply(done -> null);
  }

  private CompletableFuture<Void> leave() {
    return roster
        .leave()
        .completeOnTimeout(null, 1, TimeUnit.SECONDS)
        .handle((done, failure) -> null)
        .thenCompose(done -> backplane.close());
  }
}
