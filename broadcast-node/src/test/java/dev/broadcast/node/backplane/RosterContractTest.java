package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.Roster.Claim;
import dev.broadcast.node.backplane.Roster.Gathered;
import dev.broadcast.node.backplane.Roster.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every roster promises to a node that is the only one. */
abstract class RosterContractTest {
  static final Duration LONG = Duration.ofSeconds(10);

  final TestPeer peer = new TestPeer("n1");

  /** A node that has not joined yet. */
  abstract Roster roster();

  /** Ends the node, and with it its hub thread. */
  abstract void end(Roster roster);

  private Roster joined() {
    Roster roster = roster();
    get(roster.join(peer));
    return roster;
  }

  @Test
  void isAMemberFromJoiningToLeaving() {
    Roster roster = joined();

    List<Roster.Member> members = get(roster.members());
    assertEquals(List.of("n1"), members.stream().map(Roster.Member::nodeId).toList());
    assertEquals(roster.incarnation(), members.get(0).incarnation());
    assertTrue(roster.incarnation().matches("[a-z0-9]{1,12}"));

    get(roster.leave());
    assertEquals(List.of(), get(roster.members()));
  }

  @Test
  void aReceiptIsCompleteWhenTheNodeReported() {
    Roster roster = joined();
    String early = roster.openReceipt();
    String late = roster.openReceipt();
    assertNotEquals(early, late);

    roster.report(early, 3);
    assertEquals(
        new Receipt(3, 1, true), get(roster.receipt(early, System.currentTimeMillis(), LONG)));
    var waiting = roster.receipt(late, System.currentTimeMillis(), LONG);
    roster.report(late, 0);
    assertEquals(new Receipt(0, 1, true), get(waiting));
  }

  @Test
  void aReceiptNobodyReportsIsNotComplete() {
    Roster roster = joined();

    assertEquals(
        new Receipt(0, 0, false),
        get(
            roster.receipt(
                roster.openReceipt(), System.currentTimeMillis(), Duration.ofMillis(50))));
  }

  @Test
  void asksItself() {
    assertEquals(
        new Gathered(Map.of("n1", "n1 says: how many are you?"), List.of()),
        get(joined().ask("how many are you?", LONG)));
  }

  @Test
  void asksForTextOfSeveralLinesAndNamesWhoIsSilent() {
    Roster roster = joined();
    assertEquals(
        new Gathered(Map.of("n1", "n1 says: a b\n c\n"), List.of()),
        get(roster.ask("a b\n c\n", LONG)));
    for (String silent : List.of(TestPeer.SILENCE, TestPeer.FAIL)) {
      assertEquals(
          new Gathered(Map.of(), List.of("n1")), get(roster.ask(silent, Duration.ofMillis(50))));
    }
  }

  @Test
  void oneClaimsAnIdAndOthersDoNot() {
    Roster roster = joined();

    assertEquals(Claim.GRANTED, get(roster.claim("id", "alice", false)));
    assertEquals(Claim.HELD, get(roster.claim("id", "alice", false)));
    assertEquals(Claim.FOREIGN, get(roster.claim("id", "bob", false)));
    assertEquals(Claim.FOREIGN, get(roster.claim("id", "bob", true)));
    assertEquals(List.of(), peer.lost);
    assertEquals(Claim.GRANTED, get(roster.claim("another", "bob", false)));
  }

  @Test
  void takingOverTellsTheHolder() {
    Roster roster = joined();
    get(roster.claim("id", "alice", false));

    assertEquals(Claim.TAKEN_OVER, get(roster.claim("id", "alice", true)));

    assertEquals(List.of("id"), peer.lost);
    assertEquals(Claim.HELD, get(roster.claim("id", "alice", false)));
  }

  @Test
  void aStreamThatHasGivenWayDoesNotReleaseTheClaimOfTheOther() {
    Roster roster = joined();
    get(roster.claim("id", "alice", false));
    get(roster.claim("id", "alice", true));

    roster.release("id"); // The old stream had ended by itself before it was told to.

    assertEquals(Claim.FOREIGN, get(roster.claim("id", "bob", true)));
    assertEquals(Claim.HELD, get(roster.claim("id", "alice", false)));
    roster.release("id");
    assertEquals(Claim.GRANTED, get(roster.claim("id", "bob", false)));
  }

  @Test
  void aReleasedIdIsFree() {
    Roster roster = joined();
    get(roster.claim("id", "alice", false));

    roster.release("id");

    assertEquals(Claim.GRANTED, get(roster.claim("id", "bob", false)));
  }

  @Test
  void whoAsksANodeThatHasEndedIsAnsweredAtOnce() {
    Roster roster = joined();
    String receipt = roster.openReceipt();

    end(roster);

    assertThrows(BackplaneException.class, () -> get(roster.members()));
    assertThrows(BackplaneException.class, () -> get(roster.ask("how many?", LONG)));
    assertThrows(BackplaneException.class, () -> get(roster.claim("id", "credential", false)));
    // What was published is stored all the same.
    assertEquals(new Receipt(0, 0, false), get(roster.receipt(receipt, 0, LONG)));
  }
}
