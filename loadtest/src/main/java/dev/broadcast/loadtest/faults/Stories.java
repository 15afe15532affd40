package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.faults.Seen.What;
import dev.broadcast.loadtest.faults.StreamClient.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way of a message through the cluster, for people who look for a bug. */
final class Stories {
  private static final int AROUND = 6;

  private final Evidence evidence;
  private final long begin;

  Stories(Evidence evidence) {
    this.evidence = evidence;
    long least = Long.MAX_VALUE;
    for (Sent sent : evidence.sent()) {
      least = sent.startNanos() == 0 ? least : Math.min(least, sent.startNanos());
    }
    begin = least;
  }

  /** What happened to a message at a client, who else got it, and what the client saw around it. */
  String of(Sent sent, Plan plan, @Nullable Integer index, String what) {
    StringBuilder text = new StringBuilder();
    text.append(plan.name()).append(' ').append(plan.topics()).append(' ').append(what);
    text.append(": ").append(sent.data()).append(' ').append(sent.outcome()).append(' ');
    text.append(sent.id()).append(evidence.gone(sent) ? " gone from Redis" : "").append('\n');
    for (Sent.Attempt attempt : sent.attempts()) {
      text.append("    published at node ").append(attempt.node() + 1).append(' ');
      text.append(at(attempt.startNanos())).append(" to ").append(at(attempt.endNanos()));
      text.append(": ").append(attempt.answer()).append('\n');
    }
    List<String> got = new ArrayList<>();
    List<String> lacking = new ArrayList<>();
    for (Map.Entry<Plan, List<Seen>> client : evidence.clients().entrySet()) {
      if (client.getKey().wants(sent)) {
        arrivals(sent, client.getKey(), client.getValue(), got, lacking);
      }
    }
    text.append("    got by ").append(got).append("\n    missing at ").append(lacking);
    List<Seen> seen = evidence.clients().getOrDefault(plan, List.of());
    int near = index != null ? index : firstAfter(seen, sent.endNanos());
    return text.append('\n').append(around(seen, near)).toString();
  }

  /** Something about a client that is about no message. */
  String around(Plan plan, int index, String what) {
    List<Seen> seen = evidence.clients().getOrDefault(plan, List.of());
    return plan.name() + " " + plan.topics() + " " + what + '\n' + around(seen, index);
  }

  private void arrivals(
      Sent sent, Plan plan, List<Seen> seen, List<String> got, List<String> lacking) {
    boolean any = false;
    for (Seen event : seen) {
      if (event.what() == What.MESSAGE && event.data().equals(sent.data())) {
        got.add(plan.name() + "/" + event.connection() + " " + at(event.nanos()));
        any = true;
      }
    }
    if (!any) {
      lacking.add(plan.name());
    }
  }

  private static int firstAfter(List<Seen> seen, long nanos) {
    int index = 0;
    while (index < seen.size() && seen.get(index).nanos() < nanos) {
      index++;
    }
    return index;
  }

  private String around(List<Seen> seen, int index) {
    StringBuilder text = new StringBuilder();
    int from = Math.max(0, index - AROUND);
    for (int i = from; i < Math.min(seen.size(), index + AROUND + 1); i++) {
      Seen event = seen.get(i);
      text.append(i == index ? "  > " : "    ").append(at(event.nanos()));
      text.append(" connection ").append(event.connection()).append(' ').append(event.what());
      text.append(' ').append(event.data()).append(" id ").append(event.id()).append('\n');
    }
    return text.toString();
  }

  private String at(long nanos) {
    return "+" + (nanos - begin) / 1_000_000 + " ms";
  }
}
