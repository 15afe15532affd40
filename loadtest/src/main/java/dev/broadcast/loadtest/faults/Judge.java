package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.faults.Seen.What;
import dev.broadcast.loadtest.faults.Sent.Outcome;
import dev.broadcast.loadtest.faults.StreamClient.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what was acknowledged with what every client got: each message once and in order, for
 * each publisher and topic, and in an order that all clients share (over several shards, per
 * topic). What Redis itself lost must be told by a reset that names the topic: to who had seen it,
 * where numbers come again; to who lacks it, where it is missing in the history. A message of
 * unknown outcome may come once or never, a refused one never.
 */
final class Judge {
  private static final Pattern TOPIC = Pattern.compile("\"topics\":\\[([^]]*)]");

  /** Redis' clock is read in milliseconds, and an answer travels. */
  private static final long CLOCK_SLACK_MILLIS = 20;

  private final Evidence evidence;
  private final Stories stories;
  private final Verdict verdict = new Verdict();
  private final Map<String, Sent> byData = new HashMap<>();
  private final Set<String> goneTopics = new HashSet<>();
  private final Map<String, Integer> order = new HashMap<>();

  private Judge(Evidence evidence) {
    this.evidence = evidence;
    this.stories = new Stories(evidence);
  }

  static Verdict judge(Evidence evidence) {
    Judge judge = new Judge(evidence);
    judge.readLedger();
    judge.chooseWitness();
    evidence.clients().forEach(judge::judge);
    return judge.verdict;
  }

  private void readLedger() {
    for (Sent message : evidence.sent()) {
      byData.put(message.data(), message);
      if (message.acknowledged()) {
        verdict.acknowledged++;
      }
      if (evidence.gone(message) && message.outcome() != Outcome.REFUSED) {
        goneTopics.add(message.topic);
        verdict.gone += message.acknowledged() ? 1 : 0;
      }
    }
  }

  /** Whoever got most tells the order for all. */
  private void chooseWitness() {
    List<String> most = List.of();
    for (List<Seen> seen : evidence.clients().values()) {
      List<String> once = once(seen);
      most = once.size() > most.size() ? once : most;
    }
    most.forEach(data -> order.put(data, order.size()));
  }

  /** The messages that came exactly once, in order. */
  private static List<String> once(List<Seen> seen) {
    Map<String, Integer> counts = new HashMap<>();
    List<String> all = new ArrayList<>();
    for (Seen event : seen) {
      if (event.what() == What.MESSAGE) {
        all.add(event.data());
        counts.merge(event.data(), 1, Integer::sum);
      }
    }
    all.removeIf(data -> counts.getOrDefault(data, 0) > 1);
    return all;
  }

  private void judge(Plan plan, List<Seen> seen) {
    One one = new One(plan, seen);
    for (int i = 0; i < seen.size(); i++) {
      Seen event = seen.get(i);
      switch (event.what()) {
        case MESSAGE -> one.message(i, event);
        case RESET -> one.reset(i, event);
        case GIVEN_UP -> {
          verdict.givenUp++;
          verdict.tell(stories.around(plan, i, "gave up for good: " + event.data()));
        }
        default -> {
          // How it came and went is told with what went wrong meanwhile.
        }
      }
    }
    one.end();
    one.agrees();
  }

  /** One client's case. */
  private final class One {
    private final Plan plan;
    private final List<Seen> seen;
    private final Map<String, Integer> first = new HashMap<>();
    private final Map<String, Integer> last = new HashMap<>();
    private final Map<String, Integer> resetAt = new HashMap<>();
    private final Set<String> storedAgain = new HashSet<>();
    private final Map<String, Sent> before = new HashMap<>();

    One(Plan plan, List<Seen> seen) {
      this.plan = plan;
      this.seen = seen;
    }

    void message(int index, Seen event) {
      verdict.deliveries++;
      Sent sent = byData.get(event.data());
      if (sent == null) {
        unknown(index, event);
        return;
      }
      if (!plan.wants(sent)
          || sent.outcome() == Outcome.REFUSED
          || !idFits(sent, event)
          || isLate(sent, event)) {
        verdict.ghosts++;
        verdict.tell(stories.of(sent, plan, index, "got what it must not get"));
      }
      Integer earlier = first.putIfAbsent(event.data(), index);
      last.put(event.data(), index);
      if (!hasItsId(sent, event)) {
        storedAgain.add(sent.topic);
      }
      if (earlier != null) {
        again(sent, earlier, index);
        return;
      }
      if (sent.ordered() && sent.acknowledged()) {
        Sent previous = before.put(sent.publisher + "|" + sent.topic, sent);
        if (previous != null && previous.number > sent.number) {
          verdict.reordered++;
          verdict.tell(stories.of(sent, plan, index, "got it after " + previous.data()));
        }
      }
    }

    private void unknown(int index, Seen event) {
      if (!evidence.isOld().test(event.data())) {
        verdict.ghosts++;
        verdict.tell(stories.around(plan, index, "got what nobody published: " + event));
      } else if (evidence.loss() != Loss.PAST || resetAt.isEmpty()) {
        verdict.duplicated++;
        verdict.tell(stories.around(plan, index, "got what an earlier step had judged: " + event));
      }
    }

    private void again(Sent sent, int earlier, int index) {
      int reset = resetAt.getOrDefault(sent.topic, -1);
      boolean other = !seen.get(earlier).id().equals(seen.get(index).id());
      boolean excused =
          evidence.loss().rewinds() && reset > earlier && (other || evidence.loss() == Loss.PAST);
      if (!excused) {
        verdict.duplicated++;
        verdict.tell(stories.of(sent, plan, index, "got it again"));
      }
    }

    /** The id on the stream is the publisher's, over several shards followed by other positions. */
    private boolean idFits(Sent sent, Seen event) {
      return hasItsId(sent, event) || evidence.loss().rewinds();
    }

    /** Else it was undone, and stored again, under the id that its publisher was told. */
    private boolean hasItsId(Sent sent, Seen event) {
      return !sent.acknowledged()
          || event.id().equals(sent.id())
          || event.id().startsWith(sent.id() + "~");
    }

    /** A script never begins after its publisher was told that nobody knows. */
    private boolean isLate(Sent sent, Seen event) {
      long told = sent.toldMillis();
      return told > 0 && event.storedMillis() > told + CLOCK_SLACK_MILLIS;
    }

    void reset(int index, Seen event) {
      Matcher topics = TOPIC.matcher(event.data());
      String named = topics.find() ? topics.group(1).replace("\"", "") : "";
      for (String topic : named.split(",", -1)) {
        Integer earlier = resetAt.put(topic, index);
        boolean explained =
            evidence.loss() != Loss.NONE
                && (evidence.undone()
                    ? !goneTopics.isEmpty() || storedAgain.contains(topic)
                    : lacksOneOf(topic))
                && (earlier == null || elsewhere(earlier, event));
        if (explained) {
          verdict.resets++;
        } else {
          verdict.needlessResets++;
          verdict.tell(stories.around(plan, index, "got a needless reset of " + topic));
        }
      }
    }

    /** Redis may lose its state again and again under the same fault: each is another place. */
    private boolean elsewhere(int earlier, Seen event) {
      return evidence.newEpoch() && !seen.get(earlier).id().equals(event.id());
    }

    private boolean lacksOneOf(String topic) {
      return evidence.sent().stream()
          .anyMatch(
              sent ->
                  sent.topic.equals(topic)
                      && evidence.gone(sent)
                      && !first.containsKey(sent.data()));
    }

    /** What is missing, and who was not told. */
    void end() {
      for (Sent sent : evidence.sent()) {
        if (!sent.acknowledged() || !plan.wants(sent)) {
          continue;
        }
        Integer got = last.get(sent.data());
        if (evidence.gone(sent) && evidence.loss() == Loss.UNACKNOWLEDGED) {
          verdict.lost++;
          verdict.tell(stories.of(sent, plan, got, "Redis lost what was acknowledged"));
        } else if (evidence.gone(sent)) {
          int reset = resetAt.getOrDefault(sent.topic, -1);
          boolean untold =
              got == null ? evidence.cut() && reset < 0 : evidence.undone() && reset < got;
          if (untold) {
            verdict.missingResets++;
            verdict.tell(stories.of(sent, plan, got, "was not told that Redis lost it"));
          }
        } else if (got == null) {
          verdict.lost++;
          verdict.tell(stories.of(sent, plan, null, "never got it"));
        }
      }
    }

    /** With everybody else on one order. */
    void agrees() {
      Map<String, String> latest = new HashMap<>();
      for (String data : once(seen)) {
        Integer place = order.get(data);
        Sent sent = byData.get(data);
        if (place == null || sent == null) {
          continue;
        }
        String after = latest.put(evidence.shards() > 1 ? sent.topic : "", data);
        if (after != null && place < order.getOrDefault(after, -1)) {
          verdict.reordered++;
          verdict.tell(
              stories.of(sent, plan, first.get(data), "got it after " + after + ", others before"));
          latest.put(evidence.shards() > 1 ? sent.topic : "", after);
        }
      }
    }
  }
}
