package dev.broadcast.front;

import static dev.broadcast.front.Program.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.broadcaster.Subscription;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.stream.ClientEvent;
import dev.broadcast.api.stream.ClientStream;
import dev.broadcast.api.stream.JobProgress;
import dev.broadcast.api.stream.Progress;
import dev.broadcast.api.stream.Sources;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.api.stream.StreamSettings;
import dev.broadcast.node.http.ClientStreams;
import dev.broadcast.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams within a program: its own subscribers, its jobs, and those it makes for one client. */
class ProgramStreamsTest {
  private final List<Program> programs = new ArrayList<>();

  private Program program(String... flags) {
    Program program = Program.mounting(flags);
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

  private static List<String> data(List<StreamEvent> events) {
    return events.stream()
        .filter(StreamEvent.Delivered.class::isInstance)
        .map(e -> ((StreamEvent.Delivered) e).message().data().content())
        .toList();
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
      get(one.node().stop()); // without having ended it
      watching.await("error", Duration.ofSeconds(12), OpenStream::ended);
      assertEquals("error", watching.messages().get(watching.messages().size() - 1).type());
      assertEquals(2, get(two.broadcaster().history(JobProgress.topic("j2"), 10)).size());
    }
  }

  @Test
  void aClientsOwnStreamIsMountedOnARoute() {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (Program program =
        Program.of(
            "/live",
            (vertx, router) ->
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
                                    timer))))) {
      OpenStream stream = program.listen("");
      stream.awaitEnd();
      assertEquals(List.of("1", "2", "3", "bye"), stream.data());
    } finally {
      timer.shutdownNow();
    }
  }
}
