package dev.broadcast.front;

import static dev.broadcast.front.Program.get;
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
import dev.broadcast.api.broadcaster.UnknownTypeException;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionListener;
import dev.broadcast.api.html.Element;
import dev.broadcast.testing.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
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

  private Program program(String... flags) {
    return program(List.of(), flags);
  }

  private Program program(List<Authenticator> authenticators, String... flags) {
    Program program = Program.mounting("/live", authenticators, flags);
    programs.add(program);
    return program;
  }

  @AfterEach
  void end() {
    programs.forEach(Program::close);
  }

  private static Message message(String topic, String data) {
    return Message.builder(null, data).topic(topic).build();
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
        200, http.post(program.uri(), "/live/events", Map.of("data", "a"), Map.of()).status());
    Http.Answer dropped =
        http.post(program.uri(), "/live/events", Map.of("data", "drop"), Map.of());
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
  void onePublishFeedsThoseWhoWantDataAndThoseWhoWantHtml() {
    Program program = program("--drain=100ms");
    OpenStream plain = program.listen("format=html").awaitConnected();
    get(program.broadcaster().broadcast("update", "<b>&"));
    assertEquals(
        "<p data-id=\""
            + plain.awaitMessages(1).messages().get(0).id()
            + "\" data-type=\"update\">&lt;b&gt;&amp;</p>",
        plain.data().get(0));
    program
        .node()
        .elements(
            m ->
                m.data().content().equals("skip")
                    ? null
                    : Element.of("li").text(m.data().content()));
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
    assertEquals(200, http.request(program.uri(), "GET", own, "", ann).status());
    assertEquals(401, program.get(own).status());
    assertEquals(
        403,
        http.request(program.uri(), "GET", "/live/history?topic=orders/bob", "", ann).status());
    assertEquals(403, http.post(program.uri(), "/live/events", Map.of("data", "x"), ann).status());
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
