package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.node.backplane.Roster.Claim;
import dev.broadcast.node.backplane.Roster.Gathered;
import dev.broadcast.node.backplane.Roster.Receipt;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import dev.broadcast.testing.RespConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The roster's contract over Redis, and what holds between nodes. */
class RedisRosterTest extends RosterContractTest {
  @TempDir Path directory;
  private final Map<Roster, TestNode> nodes = new HashMap<>();
  private RedisServer redis;

  @Override
  Roster roster() {
    return node("n1");
  }

  @Override
  void end(Roster roster) {
    kill(roster);
  }

  private Roster node(String id) {
    if (redis == null) {
      redis = RedisServer.start(directory.resolve("redis"), Fsync.NO);
    }
    var node =
        new TestNode(
            hub -> new RedisBackplane(BackplaneSettings.defaults("test", id), redis.url(), hub));
    Roster roster = ((RedisBackplane) node.backplane).roster();
    nodes.put(roster, node);
    node.start();
    return roster;
  }

  private Roster joined(String id, TestPeer peer) {
    Roster roster = node(id);
    get(roster.join(peer));
    return roster;
  }

  private Roster joined(String id) {
    return joined(id, new TestPeer(id));
  }

  /** As SIGKILL does: without a farewell. */
  private void kill(Roster roster) {
    nodes.remove(roster).close();
  }

  private static List<String> ids(Roster roster) {
    return get(roster.members()).stream().map(Roster.Member::nodeId).sorted().toList();
  }

  /** Seen: what ends a start had reached those whom only a node of the same name may end. */
  @Test
  void aPasswordThatChangesEndsNoNodeThatRuns() throws Exception {
    var peer = new TestPeer("n1");
    TestNode node = nodes.get(joined("n1", peer));

    try (var connection = new RespConnection("127.0.0.1", redis.port(), Duration.ofSeconds(5))) {
      connection.call("CONFIG", "SET", "requirepass", "another");
      connection.call("AUTH", "another");
      connection.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      connection.call("CLIENT", "KILL", "TYPE", "pubsub");
      await().until(() -> node.backplane.health().detail().contains("--redis-password"));
      connection.call("CONFIG", "SET", "requirepass", "");
    }

    await().until(() -> node.backplane.health().ready());
    assertEquals(List.of(), peer.refused);
  }

  @Test
  void aNodeHearsThatWordsMayHaveBeenLostOnceItCanTellAndHearAgain() {
    var peer = new TestPeer("n1");
    joined("n1", peer);
    int missed = peer.missed.get();
    int unheard = peer.unheard.get();

    redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await().until(() -> peer.unheard.get() == unheard + 1);
    assertEquals(missed, peer.missed.get());

    redis.command("CLIENT", "KILL", "TYPE", "pubsub");
    await().until(() -> peer.missed.get() == missed + 1);
    assertEquals(unheard + 1, peer.unheard.get());
  }

  @AfterEach
  void end() {
    nodes.values().forEach(TestNode::close);
    if (redis != null) {
      redis.close();
    }
  }

  @Test
  void nodesKnowEachOtherUntilTheyLeaveOrTheirLeaseEnds() {
    Roster one = joined("n1");
    Roster two = joined("n2");
    Roster three = joined("n3");
    assertEquals(List.of("n1", "n2", "n3"), ids(one));

    get(two.leave());
    assertEquals(List.of("n1", "n3"), ids(one));

    kill(three);
    await().atMost(Duration.ofSeconds(8)).until(() -> ids(one).equals(List.of("n1")));
  }

  @Test
  void aReceiptIsCompleteOnlyWhenEveryLiveNodeReported() {
    Roster one = joined("n1");
    Roster two = joined("n2");
    Roster three = joined("n3");
    assertEquals(3, get(one.members()).size());
    String receipt = one.openReceipt();
    var stored = (Stored) nodes.get(one).outcome("t", "m", null, receipt);
    await().until(() -> !nodes.get(two).feed.received().isEmpty());
    assertEquals(receipt, nodes.get(two).feed.received().get(0).receipt());

    one.report(receipt, 1);
    two.report(receipt, 2);
    var waiting = one.receipt(receipt, stored.timestamp(), LONG);
    assertFalse(waiting.isDone());
    three.report(receipt, 4);

    assertEquals(new Receipt(7, 3, true), get(waiting));
  }

  @Test
  void aReceiptWithoutADeadNodesReportIsNotComplete() {
    Roster one = joined("n1");
    Roster two = joined("n2");
    assertEquals(2, get(one.members()).size());
    kill(two);
    String receipt = one.openReceipt();
    var stored = (Stored) nodes.get(one).outcome("t", "m", null, receipt);
    one.report(receipt, 5);

    assertEquals(
        new Receipt(5, 1, false),
        get(one.receipt(receipt, stored.timestamp(), Duration.ofMillis(300))));
  }

  @Test
  void asksAllAndNamesWhoIsSilent() {
    Roster one = joined("n1");
    Roster two = joined("n2");
    await().until(() -> ids(one).size() == 2);

    assertEquals(
        Map.of("n1", "n1 says: a b  c", "n2", "n2 says: a b  c"),
        get(one.ask("a b  c", LONG)).answers());
    kill(two);

    Gathered gathered = get(one.ask("again", Duration.ofMillis(300)));
    assertEquals(List.of("n2"), gathered.missing());
    assertEquals(1, gathered.answers().size());
  }

  @Test
  void tellsAllOthers() {
    var peers = List.of(new TestPeer("n1"), new TestPeer("n2"), new TestPeer("n3"));
    List<Roster> rosters = new ArrayList<>();
    peers.forEach(peer -> rosters.add(joined("n" + (rosters.size() + 1), peer)));

    rosters.get(0).tell("to whom it may concern");

    await().until(() -> peers.get(1).told.size() + peers.get(2).told.size() == 2);
    assertEquals(List.of("to whom it may concern"), peers.get(1).told);
    assertEquals(List.of(), peers.get(0).told);
  }

  @Test
  void anIdIsClaimedOnceInTheCluster() {
    var first = new TestPeer("n1");
    Roster one = joined("n1", first);
    Roster two = joined("n2");

    assertEquals(Claim.GRANTED, get(one.claim("id", "alice", false)));
    assertEquals(Claim.HELD, get(two.claim("id", "alice", false)));
    assertEquals(Claim.FOREIGN, get(two.claim("id", "bob", true)));
    assertEquals(Claim.TAKEN_OVER, get(two.claim("id", "alice", true)));

    await().until(() -> first.lost.equals(List.of("id")));
    one.release("id"); // The closed connection's; it is not one's any more.
    assertEquals(Claim.HELD, get(one.claim("id", "alice", false)));
  }

  @Test
  void aDeadNodesIdsAreFree() {
    Roster one = joined("n1");
    Roster two = joined("n2");
    get(two.claim("id", "bob", false));
    kill(two);
    assertEquals(Claim.FOREIGN, get(one.claim("id", "alice", false)));

    await()
        .atMost(Duration.ofSeconds(8))
        .until(() -> get(one.claim("id", "alice", false)) == Claim.GRANTED);
  }

  @Test
  void aLeavingNodesIdsAreFreeAtOnce() {
    Roster one = joined("n1");
    Roster two = joined("n2");
    get(two.claim("id", "bob", false));

    get(two.leave());

    assertEquals(Claim.GRANTED, get(one.claim("id", "alice", false)));
  }

  @Test
  void aSecondLiveNodeWithTheSameIdIsRefused() {
    joined("n1");
    Roster second = node("n1");

    var failure = assertThrows(BackplaneException.class, () -> joinNow(second));
    assertTrue(failure.getMessage().contains("n1"), failure.getMessage());
  }

  private static void joinNow(Roster roster) {
    get(roster.join(new TestPeer("second")));
  }

  @Test
  void aNodeThatCameBackWaitsForItsEarlierLeaseToEnd() {
    Roster one = joined("n1");
    kill(one);

    Roster again = joined("n1");

    assertEquals(again.incarnation(), get(again.members()).get(0).incarnation());
  }

  @Test
  void claimsAreMadeGoodWhenRedisIsBackEmpty() {
    var peer = new TestPeer("n1");
    Roster one = joined("n1", peer);
    Roster two = joined("n2");
    get(one.claim("before", "alice", false));

    redis.kill();
    await().until(() -> !nodes.get(one).backplane.health().ready());
    assertEquals(Claim.GRANTED, get(one.claim("meanwhile", "alice", false)));
    redis.restartEmpty();

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> (Long) redis.command("HLEN", "test{test:0}:claims:" + one.incarnation()) == 2);
    // A node that Redis is still away for knows its own claims only.
    await().until(() -> nodes.get(two).backplane.health().ready());
    assertEquals(Claim.FOREIGN, get(two.claim("before", "bob", false)));
    assertEquals(Claim.FOREIGN, get(two.claim("meanwhile", "bob", false)));
    assertEquals(List.of(), peer.lost);
    assertEquals(List.of("n1", "n2"), ids(one));
  }
}
