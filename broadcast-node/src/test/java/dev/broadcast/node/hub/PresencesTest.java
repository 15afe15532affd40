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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Nobody who joins is missed, whatever a node knew when somebody came to it. Nodes on one thread;
 * one may be deaf, as one that just started, or is too busy to answer in time.
 */
class PresencesTest {
  private static final String TOPIC = "room";
  private static final StreamRequest REQUEST =
      new StreamRequest(
          List.of(TOPIC),
          Set.of(),
          Set.of(),
          StreamRequest.DEFAULT_KIND,
          null,
          Map.of(),
          Format.DATA,
          new StreamRequest.Start.Now(),
          "",
          "");

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
    two.join("ann");

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
    boolean deaf;
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
      presences.watch(REQUEST).join();
    }

    void join(String id) {
      Instant when = Instant.EPOCH;
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
      presences.happened(Presence.Action.JOIN, REQUEST, id);
    }

    void leave(String id) {
      open.removeIf(connection -> connection.id().equals(id));
      presences.happened(Presence.Action.LEAVE, REQUEST, id);
    }

    @Override
    public CompletableFuture<Gathered> ask(
        String question, Duration wait, Predicate<String> enough) {
      Map<String, String> answers = new HashMap<>();
      List<String> missing = new ArrayList<>();
      for (Node node : nodes.values()) {
        if (node.deaf) {
          missing.add(node.name);
        } else {
          answers.put(node.name, node.presences.asked(question));
        }
      }
      return CompletableFuture.completedFuture(new Gathered(answers, missing));
    }

    @Override
    public void tell(String text) {
      lastTold = text;
      for (Node node : nodes.values()) {
        if (node != this && !node.deaf && node.presences.concerns(text)) {
          node.presences.told(text);
        }
      }
    }

    @Override
    public CompletableFuture<ConnectionPage> list(ConnectionQuery query) {
      List<Connection> all = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (Node node : nodes.values()) {
        if (node.deaf) {
          missing.add(node.name);
        } else {
          all.addAll(node.open);
        }
      }
      return CompletableFuture.completedFuture(new ConnectionPage(all, null, missing));
    }

    @Override
    public CompletableFuture<List<Member>> members() {
      return CompletableFuture.completedFuture(
          nodes.values().stream().map(n -> new Member(n.name, n.incarnation(), 0)).toList());
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
