package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.broadcast.api.Data;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionPage;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.ConnectionState;
import dev.broadcast.api.connection.ConnectionStatistics;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Nobody who joins or leaves is missed or told of twice, whatever a node knew then and whatever
 * words were lost. Nodes on one thread; one may be deaf, as one that just started, or is too busy
 * to answer in time.
 */
class PresencesTest {
  private static final String TOPIC = "room";
  private static final String OTHER = "hall";

  private final Map<String, Node> nodes = new HashMap<>();
  private long now;
  private final Node one = new Node("one");
  private final Node two = new Node("two");

  @Test
  void tellsWhoComesToNodesThatKnow() {
    one.watch();

    two.join("ben");
    two.leave("ben");

    assertEquals(List.of("join ben", "leave ben"), one.told);
  }

  @Test
  void whoWasThereBeforeIsNotToldOf() {
    two.joinedBefore("ann");

    one.watch();
    seconds(6);

    assertEquals(List.of(), one.told);
  }

  @Test
  void tellsWhoCameToNodeThatDidNotHearTheQuestionOnceItLearns() {
    two.deaf = true;
    one.watch();
    two.join("ben");
    two.deaf = false;

    seconds(6);

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void tellsWhoCameToNodeWhoseOwnQuestionWasNotAnswered() {
    two.deaf = true;
    one.watch();
    one.deaf = true;
    two.deaf = false;
    two.presences.start();
    two.join("ben");
    one.deaf = false;

    seconds(6);

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void tellsOnceOfWhoIsFoundBeforeItsNodesWordComes() {
    one.watch();
    one.deaf = true;
    two.join("ben");
    String late = two.lastTold;
    one.deaf = false;
    one.presences.told("learned\none\n" + TOPIC);

    one.presences.told(late);
    two.leave("ben");

    assertEquals(List.of("join ben", "leave ben"), one.told);
  }

  @Test
  void whoComesBackLongAfterBeingFoundIsToldOfAgain() {
    two.deaf = true;
    one.watch();
    two.join("ben");
    two.deaf = false;
    seconds(20);

    two.join("ben");

    assertEquals(List.of("join ben", "join ben"), one.told);
  }

  @Test
  void whoWasThereBeforeOnNodeThatWasSilentIsNotToldOf() {
    two.joinedBefore("ann");
    two.silent = true;
    one.watch();
    two.silent = false;

    seconds(6);
    two.join("ben");
    two.leave("ann");

    assertEquals(List.of("join ben", "leave ann"), one.told);
  }

  @Test
  void tellsAtOnceWhoCameToNodeThatLostTheQuestionWhenItHearsOneOfAnotherTopic() {
    two.loses = "watch";
    one.watch();
    two.join("ben");
    two.loses = "nothing";

    one.watch(OTHER);

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void tellsAtOnceWhoCameToNodeThatLostTheQuestionWhenItHearsASecondOne() {
    two.loses = "watch";
    one.watch();
    two.join("ben");
    two.loses = "nothing";

    one.watch();

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void answerThatIsOlderThanAQuestionTakesNothingAway() {
    two.held = new CompletableFuture<>();
    two.presences.start();
    one.watch();
    two.held.complete(null);

    two.join("ben");

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void answerThatIsOlderThanAQuestionTakesNoTopicAway() {
    one.watch(OTHER);
    two.held = new CompletableFuture<>();
    two.presences.start();
    one.watch();
    two.held.complete(null);

    two.join("ben");

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void noQuestionKnowsLessThanAnEarlierOne() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prefix = "t" + i + "-";
      threads.add(
          new Thread(() -> IntStream.range(0, 100).forEach(n -> one.watch(prefix + n)), prefix));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    List<Integer> sizes = one.asked.stream().map(question -> question.split("\n").length).toList();
    assertEquals(sizes.stream().sorted().toList(), sizes);
  }

  @Test
  void tellsWhoCameAndWentWhileTheirNodeCouldNotTell() {
    one.watch();
    seconds(1);
    two.join("ben");
    two.mute = true;
    two.leave("ben");
    two.join("cat");
    two.mute = false;

    two.presences.unheard();
    seconds(3);

    assertEquals(List.of("join ben", "join cat", "leave ben"), one.told);
  }

  @Test
  void tellsWhoCameAndWentWhileTheWatcherHeardNothing() {
    one.watch();
    seconds(1);
    two.join("ben");
    one.deaf = true;
    two.leave("ben");
    two.join("cat");
    one.deaf = false;

    one.presences.missed();
    seconds(3);

    assertEquals(List.of("join ben", "join cat", "leave ben"), one.told);
  }

  @Test
  void learnsAtOnceWhatWasAskedWhileItHeardNothing() {
    two.deaf = true;
    one.watch();
    two.deaf = false;

    two.presences.missed();
    two.join("ben");

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void whoWasFoundGoneIsNotToldOfAgainByItsNodesLateWord() {
    one.watch();
    seconds(1);
    two.join("ben");
    two.mute = true;
    two.leave("ben");
    String late = two.lastTold;
    two.mute = false;
    two.presences.unheard();
    seconds(2);

    one.presences.told(late);
    two.join("ben");
    two.leave("ben");

    assertEquals(List.of("join ben", "leave ben", "join ben", "leave ben"), one.told);
  }

  @Test
  void nobodyOnNodeThatDoesNotAnswerHasLeft() {
    one.watch();
    seconds(1);
    two.join("ben");
    two.join("cat");
    two.silent = true;
    one.presences.missed();
    seconds(3);
    assertEquals(List.of("join ben", "join cat"), one.told);

    two.mute = true;
    two.leave("ben");
    two.silent = false;
    seconds(2);

    assertEquals(List.of("join ben", "join cat", "leave ben"), one.told);
  }

  @Test
  void nobodyOnNodeThatWasNotAskedHasLeft() {
    one.watch();
    two.join("ben");
    seconds(1);
    two.away = true;
    one.presences.missed();
    seconds(2);
    assertEquals(List.of("join ben"), one.told);

    two.away = false;
    two.mute = true;
    two.leave("ben");
    seconds(2);

    assertEquals(List.of("join ben", "leave ben"), one.told);
  }

  @Test
  void nobodyOnNodeWhoseLeaseEndedJustBeforeItWasAskedHasLeft() {
    one.watch();
    two.join("ben");
    seconds(1);
    one.beforeList = () -> two.away = true;
    one.presences.missed();
    seconds(2);

    assertEquals(List.of("join ben"), one.told);
  }

  @Test
  void whatIsToldDuringALookCounts() {
    one.watch();
    seconds(1);
    two.join("ann");
    two.join("ben");
    two.mute = true;
    two.leave("ben");
    two.mute = false;
    one.held = new CompletableFuture<>();
    one.presences.missed();
    seconds(1);

    two.leave("ann");
    two.join("ben");
    two.join("cat");
    one.held.complete(null);

    assertEquals(List.of("join ann", "join ben", "leave ann", "join ben", "join cat"), one.told);
  }

  @Test
  void whoMovedWhileTheWatcherHeardNothingJoinsAgainAndDoesNotLeaveWithItsOldNode() {
    Node three = new Node("three");
    one.watch();
    two.join("ben");
    seconds(1);
    one.deaf = true;
    two.open.clear();
    three.join("ben");
    one.deaf = false;
    one.presences.missed();
    seconds(2);

    nodes.remove("two");
    seconds(5);

    assertEquals(List.of("join ben", "join ben"), one.told);
  }

  @Test
  void whoWasTakenOverHasNotLeftWhenItsOldNodeSaysSo() {
    Node three = new Node("three");
    one.watch();
    two.join("ben");

    three.join("ben");
    two.leave("ben");
    three.leave("ben");

    assertEquals(List.of("join ben", "join ben", "leave ben"), one.told);
  }

  private static StreamRequest request(String topic) {
    return new StreamRequest(
        List.of(topic),
        Set.of(),
        Set.of(),
        StreamRequest.DEFAULT_KIND,
        null,
        Map.of(),
        Format.DATA,
        new StreamRequest.Start.Now(),
        "",
        "");
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      now += Duration.ofSeconds(1).toNanos();
      List.of(one, two).forEach(node -> node.presences.tick());
    }
  }

  private final class Node implements Roster, Connections {
    final String name;
    final List<String> told = new ArrayList<>();
    final List<Connection> open = new ArrayList<>();
    final Presences presences;
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** Hears nothing. */
    boolean deaf;

    /** Does not list its connections in time. */
    boolean silent;

    /** Happens between the question who is a member and the one who is there. */
    Runnable beforeList = () -> {};

    /** Has no lease for the moment, so that it is not asked. */
    boolean away;

    /** What it tells does not arrive. */
    boolean mute;

    /** What begins so does not arrive here. */
    String loses = "nothing";

    /** Answers are on their way until this completes. */
    CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    String lastTold = "";

    Node(String name) {
      this.name = name;
      nodes.put(name, this);
      presences =
          new Presences(
              this,
              new NodeNews(this, () -> now),
              this,
              presence -> told.add(presence.action().wire() + " " + presence.connectionId()),
              () -> now);
    }

    void watch() {
      watch(TOPIC);
    }

    void watch(String topic) {
      presences.watch(request(topic)).join();
    }

    void joinedBefore(String id) {
      join(id, Instant.EPOCH);
    }

    void join(String id) {
      join(id, Instant.now());
    }

    private void join(String id, Instant when) {
      open.add(
          new Connection(
              id,
              StreamRequest.DEFAULT_KIND,
              name,
              new ConnectionState.Connecting(),
              List.of(TOPIC),
              Map.of(),
              when,
              when,
              0));
      presences.happened(Presence.Action.JOIN, request(TOPIC), id);
    }

    void leave(String id) {
      open.removeIf(connection -> connection.id().equals(id));
      presences.happened(Presence.Action.LEAVE, request(TOPIC), id);
    }

    @Override
    public CompletableFuture<Gathered> ask(
        String question, Duration wait, Predicate<String> enough) {
      Map<String, String> answers = new HashMap<>();
      List<String> missing = new ArrayList<>();
      asked.add(question);
      for (Node node : nodes.values()) {
        if (node.deaf || question.startsWith(node.loses)) {
          missing.add(node.name);
        } else {
          answers.put(node.name, node.presences.asked(question));
        }
      }
      return held.thenApply(done -> new Gathered(answers, missing));
    }

    @Override
    public void tell(String text) {
      lastTold = text;
      for (Node node : nodes.values()) {
        if (node != this && !mute && !node.deaf && node.presences.concerns(text)) {
          node.presences.told(text);
        }
      }
    }

    @Override
    public CompletableFuture<ConnectionPage> list(ConnectionQuery query) {
      beforeList.run();
      List<Connection> all = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (Node node : nodes.values()) {
        if (node.deaf || node.silent) {
          missing.add(node.name);
        } else if (!node.away) {
          node.open.stream()
              .filter(connection -> connection.topics().contains(query.topic()))
              .forEach(all::add);
        }
      }
      return held.thenApply(done -> new ConnectionPage(all, null, missing));
    }

    @Override
    public CompletableFuture<List<Member>> members() {
      return CompletableFuture.completedFuture(
          nodes.values().stream()
              .filter(n -> !n.away)
              .map(n -> new Member(n.name, n.incarnation(), 0))
              .toList());
    }

    @Override
    public String nodeId() {
      return name;
    }

    @Override
    public String incarnation() {
      return name + "1";
    }

    @Override
    public CompletableFuture<Void> join(Peer peer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> leave() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String openReceipt() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void report(String receipt, int clients) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Receipt> receipt(String receipt, long publishedAt, Duration wait) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Claim> claim(String id, String credential, boolean takeover) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Optional<Connection>> get(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ConnectionStatistics> statistics() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Boolean> send(String id, @Nullable String type, Data data) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Boolean> heartbeat(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Boolean> close(String id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Integer> closeAll(ConnectionQuery query) {
      throw new UnsupportedOperationException();
    }
  }
}
