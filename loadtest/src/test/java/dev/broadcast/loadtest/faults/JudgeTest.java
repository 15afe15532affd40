package dev.broadcast.loadtest.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.faults.Seen.What;
import dev.broadcast.loadtest.faults.Sent.Outcome;
import dev.broadcast.loadtest.faults.StreamClient.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The suite is worth what its judge finds. */
class JudgeTest {
  private final List<Sent> sent = new ArrayList<>();
  private final Map<Plan, List<Seen>> clients = new LinkedHashMap<>();
  private final Sent one = sent(1, Outcome.ACKNOWLEDGED);
  private final Sent two = sent(2, Outcome.ACKNOWLEDGED);
  private final Sent three = sent(3, Outcome.ACKNOWLEDGED);
  private Set<String> kept = Set.of();
  private boolean newEpoch;
  private int shards = 1;

  @Test
  void everythingOnceAndInOrderIsClean() {
    client("c1", got(one), got(two), got(three));
    client("c2", got(one), got(two), got(three));
    Verdict verdict = judge(Loss.NONE);
    assertTrue(verdict.clean(), verdict.toString());
    assertEquals(6, verdict.deliveries);
    assertEquals(3, verdict.acknowledged);
  }

  @Test
  void findsWhatIsMissing() {
    client("c1", got(one), got(three));
    Verdict verdict = judge(Loss.NONE);
    assertEquals(1, verdict.lost);
    String story = verdict.stories().get(0);
    assertTrue(story.contains("p1|t1|2 ACKNOWLEDGED id2"), story);
    assertTrue(story.contains("published at node 1"), story);
    assertTrue(story.contains("missing at [c1]"), story);
  }

  @Test
  void findsWhatCameTwice() {
    client("c1", got(one), got(two), got(two), got(three));
    assertEquals(1, judge(Loss.NONE).duplicated);
  }

  @Test
  void findsWhatAnEarlierStepHadJudged() {
    client("c1", message("p1|t1|0", "id0"), got(one), got(two), got(three));
    assertEquals(1, judge(Loss.NONE).duplicated);
  }

  @Test
  void findsAnOrderThatIsNotThePublishers() {
    client("c1", got(two), got(one), got(three));
    assertEquals(1, judge(Loss.NONE).reordered);
  }

  @Test
  void findsClientsThatDisagree() {
    Sent other = new Sent("p2", "t1", 1, "", List.of());
    end(other, Outcome.ACKNOWLEDGED, "id9");
    client("c1", got(one), got(other), got(two), got(three));
    client("c2", got(one), got(two), got(other), got(three));
    assertEquals(1, judge(Loss.NONE).reordered);
  }

  @Test
  void overSeveralShardsThereIsAnOrderPerTopicAlone() {
    shards = 3;
    Sent other = new Sent("p2", "t2", 1, "", List.of());
    end(other, Outcome.ACKNOWLEDGED, "id9");
    Sent near = new Sent("p2", "t1", 1, "", List.of());
    end(near, Outcome.ACKNOWLEDGED, "id8");
    client("c1", got(one), got(other), got(two), got(near), got(three));
    client("c2", got(one), got(two), got(other), got(near), got(three));
    assertEquals(0, judge(Loss.NONE).reordered);
    client("c3", got(one), got(near), got(two), got(other), got(three));
    assertEquals(1, judge(Loss.NONE).reordered);
  }

  @Test
  void findsWhatWasAcknowledgedAndGoneWhereOnlyTheRestMayGo() {
    kept = Set.of(one.data(), three.data());
    client("c1", got(one), got(two), reset(), got(three));
    assertTrue(judge(Loss.TAIL).clean());
    assertEquals(1, judge(Loss.UNACKNOWLEDGED).lost);
  }

  @Test
  void whatWasUndoneAndStoredAgainExplainsTheResetOfWhoSawIt() {
    kept = Set.of(one.data(), two.data(), three.data());
    client("c1", got(one), got(two), message(three.data(), "undone"), reset(), got(three));
    assertTrue(judge(Loss.UNACKNOWLEDGED).clean());
    client("c2", got(one), got(two), reset(), got(three));
    assertEquals(1, judge(Loss.UNACKNOWLEDGED).needlessResets);
  }

  @Test
  void findsGhosts() {
    Sent refused = sent(4, Outcome.REFUSED);
    client("c1", got(one), got(two), got(three), got(refused), message("p7|t1|1", "x"));
    assertEquals(2, judge(Loss.NONE).ghosts);
  }

  @Test
  void findsAnotherIdThanThePublisherWasTold() {
    client("c1", got(one), got(two), message(three.data(), "other"));
    assertEquals(1, judge(Loss.NONE).ghosts);
  }

  @Test
  void whatIsUnknownMayComeOnceOrNever() {
    Sent unknown = sent(4, Outcome.UNKNOWN);
    client("c1", got(one), got(two), got(three), got(unknown));
    client("c2", got(one), got(two), got(three));
    assertTrue(judge(Loss.NONE).clean());
    client("c3", got(one), got(two), got(three), got(unknown), got(unknown));
    assertEquals(1, judge(Loss.NONE).duplicated);
  }

  @Test
  void findsWhatWasStoredAfterItsPublisherWasTold() {
    Sent unknown = sent(4, Outcome.UNKNOWN);
    unknown.toldAt(1_000);
    Seen inTime = new Seen(What.MESSAGE, 1, 3, unknown.data(), "", "id4", 1_000);
    Seen late = new Seen(What.MESSAGE, 1, 3, unknown.data(), "", "id4", 1_100);
    client("c1", got(one), got(two), got(three), inTime);
    assertTrue(judge(Loss.NONE).clean());
    client("c1", got(one), got(two), got(three), late);
    assertEquals(1, judge(Loss.NONE).ghosts);
  }

  @Test
  void findsResetsThatNothingExplains() {
    client("c1", got(one), reset(), got(two), got(three));
    assertEquals(1, judge(Loss.NONE).needlessResets);
    kept = Set.of(one.data(), two.data(), three.data());
    assertEquals(1, judge(Loss.TAIL).needlessResets);
    assertEquals(1, judge(Loss.HISTORY).needlessResets);
  }

  @Test
  void whoSawWhatRedisLostMustBeTold() {
    kept = Set.of(one.data(), three.data());
    client("told", got(one), got(two), reset(), got(three));
    client("never saw it", got(one), got(three));
    assertTrue(judge(Loss.TAIL).clean());
    client("not told", got(one), got(two), got(three));
    client("told too early", got(one), reset(), got(two), got(three));
    assertEquals(2, judge(Loss.TAIL).missingResets);
  }

  @Test
  void whoLacksWhatHistoryLostMustBeTold() {
    kept = Set.of(one.data(), three.data());
    client("told", got(one), reset(), got(three));
    client("saw it", got(one), got(two), got(three));
    assertTrue(judge(Loss.HISTORY).clean());
    client("not told", got(one), got(three));
    assertEquals(1, judge(Loss.HISTORY).missingResets);
  }

  @Test
  void anotherEpochMustBeToldToAll() {
    kept = Set.of(three.data());
    newEpoch = true;
    client("told", got(one), got(two), reset(), got(three));
    assertTrue(judge(Loss.ANY).clean());
    client("not told", got(one), got(two), got(three));
    client("not told either", got(three));
    assertFalse(judge(Loss.ANY).clean());
    assertEquals(4, judge(Loss.ANY).missingResets);
  }

  @Test
  void anotherResetNeedsAnotherLoss() {
    kept = Set.of(three.data());
    newEpoch = true;
    client("lost twice", got(one), reset(), got(two), resetTo("x"), got(three));
    assertTrue(judge(Loss.ANY).clean());
    client("lost once", got(one), got(two), reset(), reset(), got(three));
    assertEquals(1, judge(Loss.ANY).needlessResets);
  }

  @Test
  void whatIsKeptIsNeverExcused() {
    kept = Set.of(one.data(), two.data(), three.data());
    client("c1", got(one), reset(), got(three));
    assertEquals(1, judge(Loss.HISTORY).lost);
    assertEquals(1, judge(Loss.TAIL).lost);
  }

  @Test
  void findsAClientThatGaveUp() {
    client("c1", got(one), got(two), got(three), seen(What.GIVEN_UP, "node 1 answered 503", ""));
    assertEquals(1, judge(Loss.NONE).givenUp);
  }

  private Sent sent(long number, Outcome outcome) {
    Sent message = new Sent("p1", "t1", number, "", List.of());
    end(message, outcome, "id" + number);
    return message;
  }

  private void end(Sent message, Outcome outcome, String id) {
    message.attempted(new Sent.Attempt(0, 1, 2, "200"));
    message.ended(outcome, outcome == Outcome.ACKNOWLEDGED ? id : "");
    sent.add(message);
  }

  private void client(String name, Seen... seen) {
    clients.put(new Plan(name, Set.of("t1"), "", "", false, 0), List.of(seen));
  }

  private static Seen got(Sent message) {
    return message(message.data(), message.id());
  }

  private static Seen message(String data, String id) {
    return seen(What.MESSAGE, data, id);
  }

  private static Seen reset() {
    return resetTo("");
  }

  private static Seen resetTo(String cursor) {
    return seen(What.RESET, "{\"reason\":\"generation\",\"topics\":[\"t1\"]}", cursor);
  }

  private static Seen seen(What what, String data, String id) {
    return new Seen(what, 1, 3, data, "", id, 0);
  }

  private Verdict judge(Loss loss) {
    Set<String> old = Set.of("p1|t1|0");
    return Judge.judge(new Evidence(shards, loss, newEpoch, kept, sent, old::contains, clients));
  }

  @Test
  void theSameSeedMakesTheSameSchedule() {
    List<Fault> beside = Catalogue.besideRedis(Shape.SERVER);
    List<String> first =
        Schedule.of(7, 2, Catalogue.all(), 3, 99, beside).stream().map(Step::toString).toList();
    List<String> again =
        Schedule.of(7, 2, Catalogue.all(), 3, 99, beside).stream().map(Step::toString).toList();
    List<String> other =
        Schedule.of(8, 2, Catalogue.all(), 3, 99, beside).stream().map(Step::toString).toList();
    assertEquals(first, again);
    assertFalse(first.equals(other));
    assertEquals(2, first.stream().filter(step -> step.contains(" redis-kill node")).count());
  }
}
