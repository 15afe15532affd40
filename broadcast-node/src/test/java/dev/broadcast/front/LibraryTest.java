package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Message;
import dev.broadcast.api.PublishedMessage;
import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.access.Grant;
import dev.broadcast.api.broadcaster.BroadcastResult;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.broadcaster.HandlerChain.Registration;
import dev.broadcast.api.broadcaster.MessageHandler.Decision;
import dev.broadcast.api.broadcaster.PublishOptions;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.broadcaster.Subscription;
import dev.broadcast.api.broadcaster.UnknownTypeException;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionListener;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.html.Element;
import dev.broadcast.api.stream.ClientEvent;
import dev.broadcast.api.stream.ClientStream;
import dev.broadcast.api.stream.JobProgress;
import dev.broadcast.api.stream.Progress;
import dev.broadcast.api.stream.Sources;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.api.stream.StreamSettings;
import dev.broadcast.node.BroadcastNode;
import dev.broadcast.node.http.ClientStreams;
import dev.broadcast.testing.Http;
import dev.broadcast.testing.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A program with a router of its own, into which a node is mounted. */
class LibraryTest {
  private final List<Program> programs = new ArrayList<>();

  private static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(15, TimeUnit.SECONDS).join();
  }

  /** A program: its Vert.x, its server, its node. */
  private record Program(Vertx vertx, BroadcastNode node, URI uri) {
    OpenStream listen(String query) {
      return OpenStream.of(uri, "/live", query, Map.of("Accept", "text/event-stream"));
    }

    Http.Answer get(String target) throws Exception {
      return new Http("").get(uri, target);
    }

    Broadcaster broadcaster() {
      return node.broadcaster();
    }
  }

  private Program program(String... flags) {
    return program(List.of(), flags);
  }

  private Program program(List<Authenticator> authenticators, String... flags) {
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    router.get("/own").handler(ctx -> ctx.end("the program's"));
    BroadcastNode node = get(BroadcastNode.mount(vertx, router, "/live", authenticators, flags));
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
    Program program =
        new Program(vertx, node, URI.create("http://127.0.0.1:" + server.actualPort()));
    programs.add(program);
    return program;
  }

  @AfterEach
  void end() {
    for (Program program : programs) {
      get(program.node.stop());
      get(program.vertx.close().toCompletionStage().toCompletableFuture());
    }
  }

  private static Message message(String topic, String data) {
    return Message.builder(null, data).topic(topic).build();
  }

  private static List<String> data(List<StreamEvent> events) {
    return events.stream()
        .filter(StreamEvent.Delivered.class::isInstance)
        .map(e -> ((StreamEvent.Delivered) e).message().data().content())
        .toList();
  }

  @Test
  void mountsBesideTheProgramsOwnRoutes() throws Exception {
    Program program = program("--drain=100ms");
    assertEquals("the program's", program.get("/own").text());
    assertEquals(200, program.get("/live/health/live").status());
    assertEquals(404, program.get("/health/live").status());
    List<OpenStream> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) { // on all its event loops
      streams.add(program.listen("topic=t").awaitConnected());
    }
    BroadcastResult result =
        get(
            program
                .broadcaster()
                .broadcast(
                    message("t", "hello"), PublishOptions.NONE.withReceipt(Duration.ofSeconds(1))));
    assertEquals(20, result.connections());
    for (OpenStream stream : streams) {
      assertEquals("hello", stream.awaitMessages(1).data().get(0));
      assertEquals(result.messageId().orElseThrow(), stream.messages().get(0).id());
    }
    assertEquals(20, program.broadcaster().localConnectionCount());
    assertEquals(20, get(program.broadcaster().closeAll()));
    streams.forEach(OpenStream::awaitEnd);
    assertThrows(IllegalArgumentException.class, () -> program("--nonsense"));
  }

  @Test
  void handlersSeeWhatComesOverHttpToo() throws Exception {
    Program program = program("--drain=100ms");
    Broadcaster broadcaster = program.broadcaster();
    Registration changes =
        broadcaster.addMessageHandler(
            m ->
                CompletableFuture.completedFuture(
                    m.data().content().equals("drop")
                        ? Decision.dropped("not this one")
                        : Decision.changed(m.change().data(m.data().content() + "!").build())));
    Registration fails =
        broadcaster.addMessageHandler(
            m -> {
              throw new IllegalStateException("broken");
            });
    Http http = new Http("");
    assertEquals(
        200, http.post(program.uri, "/live/events", Map.of("data", "a"), Map.of()).status());
    Http.Answer dropped = http.post(program.uri, "/live/events", Map.of("data", "drop"), Map.of());
    assertEquals(422, dropped.status());
    assertEquals("not this one", dropped.json().path("dropped").asText());
    assertEquals(
        new BroadcastResult.Dropped("not this one"), get(broadcaster.broadcast(null, "drop")));
    changes.close();
    fails.close();
    get(broadcaster.broadcast(null, "b"));
    List<PublishedMessage> history = get(broadcaster.history(10));
    assertEquals(List.of("a!", "b"), history.stream().map(m -> m.data().content()).toList());
    get(broadcaster.clearHistory("global"));
    assertEquals(List.of(), get(broadcaster.history(10)));
  }

  @Test
  void aSubscriberInTheProcessIsAClientLikeAnyOther() {
    String prefix = TestRedis.freshPrefix();
    String redis = "--redis-url=" + TestRedis.url();
    Broadcaster one = program(redis, "--prefix=" + prefix, "--drain=100ms").broadcaster();
    Broadcaster two = program(redis, "--prefix=" + prefix, "--drain=100ms").broadcaster();
    Await.until(
        "two nodes", () -> get(one.connections().list(ConnectionQuery.all())).missing().isEmpty());
    List<StreamEvent> seen = new CopyOnWriteArrayList<>();
    String cursor;
    try (Subscription subscription =
        one.subscribe(SubscribeOptions.to("t").metadata(Map.of("who", "me")), seen::add)) {
      String id = subscription.id();
      assertTrue(id.startsWith("local_"), id);
      Await.until("opened", () -> !seen.isEmpty());
      Await.until("listed", () -> get(two.connections().get(id)).isPresent());
      Connection listed = get(two.connections().get(id)).orElseThrow();
      assertEquals(Map.of("who", "me"), listed.metadata());
      get(two.broadcast(message("t", "1")));
      get(two.sendTo(List.of(id), message("t", "2")));
      get(two.broadcastExcept(List.of(id), message("t", "not for it")));
      get(two.broadcast(message("t", "line\nbreak")));
      Await.until("all", () -> data(seen).size() == 3);
      assertEquals(List.of("1", "2", "line\nbreak"), data(seen));
      cursor = subscription.cursor();
    }
    Await.until("unregistered", () -> get(two.connectionCount()) == 0);
    get(two.broadcast(message("t", "later")));
    List<StreamEvent> again = new CopyOnWriteArrayList<>();
    try (Subscription resumed = two.subscribe(SubscribeOptions.to("t").after(cursor), again::add)) {
      Await.until("resumed", () -> data(again).equals(List.of("later")));
      assertEquals(1, get(one.closeAll()));
      assertEquals("closed", get(resumed.ended()));
    }
  }

  @Test
  void aConsumerThatBlocksFallsBehindAndMissesNothing() throws Exception {
    Broadcaster broadcaster = program("--queue-size=4", "--drain=100ms").broadcaster();
    CountDownLatch go = new CountDownLatch(1);
    List<StreamEvent> seen = new CopyOnWriteArrayList<>();
    List<StreamEvent> other = new CopyOnWriteArrayList<>();
    try (Subscription slow =
            broadcaster.subscribe(
                SubscribeOptions.to("t"),
                event -> {
                  try {
                    go.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  seen.add(event);
                });
        Subscription quick = broadcaster.subscribe(SubscribeOptions.to("t"), other::add)) {
      slow.id();
      quick.id();
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add("m" + i);
        get(broadcaster.broadcast(message("t", "m" + i)));
      }
      Await.until("the other has all", () -> data(other).equals(sent));
      go.countDown();
      Await.until("all", () -> data(seen).size() == 100);
      assertEquals(sent, data(seen));
    }
  }

  @Test
  void hooksAreToldOfEveryoneWhoComesAndGoes() {
    Program program = program("--drain=100ms");
    List<String> told = new CopyOnWriteArrayList<>();
    program
        .broadcaster()
        .addConnectionListener(
            new ConnectionListener() {
              @Override
              public void connected(Connection c) {
                told.add("+" + c.kind());
                throw new IllegalStateException("whatever a listener does");
              }

              @Override
              public void disconnected(Connection c) {
                told.add("-" + c.kind() + " " + c.state());
              }
            });
    OpenStream gone = program.listen("kind=a").awaitConnected();
    gone.close();
    Await.until("gone", () -> told.size() == 2);
    OpenStream closed = program.listen("kind=b").awaitConnected();
    get(program.broadcaster().closeAll());
    closed.awaitEnd();
    Await.until("closed", () -> told.size() == 4);
    assertEquals(
        List.of("+a", "-a Disconnected[reason=gone]", "+b", "-b Disconnected[reason=closed]"),
        told);
  }

  @Test
  void strictTypesHoldHereToo() {
    Broadcaster broadcaster = program("--strict", "--drain=100ms").broadcaster();
    CompletionException refused =
        assertThrows(CompletionException.class, () -> get(broadcaster.broadcast("unheard-of", 1)));
    UnknownTypeException why = assertInstanceOf(UnknownTypeException.class, refused.getCause());
    assertTrue(why.known().contains("update"));
    get(broadcaster.registerEvent("unheard-of"));
    get(broadcaster.broadcast("unheard-of", 1));
    assertTrue(broadcaster.eventTypes().types().contains("unheard-of"));
  }

  @Test
  void aJobsLastStateIsThereForWhoComesLateAndEndsWithItsNode() {
    String prefix = TestRedis.freshPrefix();
    String redis = "--redis-url=" + TestRedis.url();
    Program one = program(redis, "--prefix=" + prefix, "--drain=100ms");
    Program two = program(redis, "--prefix=" + prefix, "--drain=100ms");
    String until = "&history=1&until=complete,error";
    try (SubmissionPublisher<Progress> source = new SubmissionPublisher<>();
        SubmissionPublisher<Progress> lost = new SubmissionPublisher<>()) {
      JobProgress job = one.broadcaster().progress("j1", source);
      one.broadcaster().progress("j2", lost);
      source.submit(Progress.running(50, "half"));
      Await.until("half", () -> job.last().percent() == 50);
      OpenStream late = two.listen("topic=" + JobProgress.topic("j1") + until);
      late.awaitMessages(1);
      assertEquals(50, late.messages().get(0).json().path("percent").asInt());
      source.submit(Progress.complete("done"));
      late.awaitEnd();
      assertEquals("complete", late.messages().get(late.messages().size() - 1).type());
      assertEquals(Progress.complete("done"), get(job.done()));
      OpenStream watching = two.listen("topic=" + JobProgress.topic("j2") + until);
      watching.awaitMessages(1);
      get(one.node.stop()); // without having ended it
      watching.await("error", Duration.ofSeconds(12), OpenStream::ended);
      assertEquals("error", watching.messages().get(watching.messages().size() - 1).type());
      assertEquals(2, get(two.broadcaster().history(JobProgress.topic("j2"), 10)).size());
    }
  }

  @Test
  void onePublishFeedsThoseWhoWantDataAndThoseWhoWantHtml() {
    Program program = program("--drain=100ms");
    OpenStream plain = program.listen("format=html").awaitConnected();
    get(program.broadcaster().broadcast("update", "<b>&"));
    assertEquals(
        "<p data-id=\""
            + plain.awaitMessages(1).messages().get(0).id()
            + "\" data-type=\"update\">&lt;b&gt;&amp;</p>",
        plain.data().get(0));
    program.node.elements(
        m -> m.data().content().equals("skip") ? null : Element.of("li").text(m.data().content()));
    OpenStream data = program.listen("").awaitConnected();
    get(program.broadcaster().broadcast(null, "skip"));
    get(program.broadcaster().broadcast(null, "<i>"));
    plain.awaitMessages(2);
    data.awaitMessages(2);
    assertEquals("<li>&lt;i&gt;</li>", plain.data().get(1));
    assertEquals(List.of("skip", "<i>"), data.data());
    assertEquals(data.cursor(), plain.cursor());
  }

  @Test
  void aClientsOwnStreamIsMountedOnARoute() throws Exception {
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    router
        .get("/live/events")
        .handler(
            ClientStreams.handler(
                vertx,
                ctx ->
                    new ClientStream<>(
                        Sources.iterate(List.of(1, 2, 3), Duration.ofMillis(10), timer),
                        n -> ClientEvent.of("n", n),
                        StreamSettings.DEFAULTS.closing(ClientEvent.of("end", "bye")),
                        timer)));
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
    OpenStream stream =
        OpenStream.of(
            URI.create("http://127.0.0.1:" + server.actualPort()),
            "/live",
            "",
            Map.of("Accept", "text/event-stream"));
    stream.awaitEnd();
    assertEquals(List.of("1", "2", "3", "bye"), stream.data());
    timer.shutdownNow();
    get(vertx.close().toCompletionStage().toCompletableFuture());
  }

  @Test
  void theProgramSaysWhoMayDoWhat() throws Exception {
    Authenticator sessions =
        credentials ->
            CompletableFuture.supplyAsync(
                () ->
                    credentials
                        .cookie("session")
                        .map(user -> Grant.to(user).subscribing("orders/" + user)));
    Program program = program(List.of(sessions), "--drain=100ms", "--host=0.0.0.0");
    Map<String, String> ann = Map.of("Cookie", "a=b; session=ann");
    Http http = new Http("");
    String own = "/live/history?topic=orders/ann";
    assertEquals(200, http.request(program.uri, "GET", own, "", ann).status());
    assertEquals(401, program.get(own).status());
    assertEquals(
        403, http.request(program.uri, "GET", "/live/history?topic=orders/bob", "", ann).status());
    assertEquals(403, http.post(program.uri, "/live/events", Map.of("data", "x"), ann).status());
  }

  @Test
  void debugLogsStreamsAndPublishesWithoutWhatIsInThem() {
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler collector =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(new SimpleFormatter().formatMessage(line));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.broadcast.node.broadcaster.DebugLog");
    logger.setLevel(Level.INFO);
    logger.addHandler(collector);
    try {
      Program quiet = program("--drain=100ms");
      get(quiet.broadcaster().broadcast(message("t", "unseen")));
      assertEquals(List.of(), lines);
      Program program = program("--drain=100ms", "--debug");
      assertTrue(program.broadcaster().settings().debug());
      OpenStream stream = program.listen("topic=t&id=me").awaitConnected();
      Await.until("a line", () -> lines.size() == 1); // from a thread of its own
      get(program.broadcaster().broadcast(message("t", "a secret")));
      stream.awaitMessages(1).close();
      Await.until("three lines", () -> lines.size() == 3);
      assertEquals("event=connected connection=\"me\" kind=\"global\" topics=t", lines.get(0));
      assertEquals("event=publish topic=t type=- characters=8 to=0 exclude=0", lines.get(1));
      assertTrue(lines.get(2).startsWith("event=disconnected connection=\"me\" "), lines::toString);
    } finally {
      logger.removeHandler(collector);
      logger.setLevel(null);
    }
  }
}
