package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.Roster.Member;
import dev.broadcast.node.backplane.Roster.Receipt;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The receipts that this node asked for: reports may come before anybody waits for them. Only on
 * the hub thread.
 */
final class Receipts {
  /** Nobody may ever wait: the publish failed after its receipt was opened. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private final HubThread hubThread;
  private final Map<String, Tally> tallies = new HashMap<>();

  Receipts(HubThread hubThread) {
    this.hubThread = hubThread;
  }

  void report(String receipt, String incarnation, int clients) {
    Tally tally = tallies.computeIfAbsent(receipt, this::open);
    if (tally.reports.putIfAbsent(incarnation, clients) == null && tally.judge(false)) {
      tallies.remove(receipt);
    }
  }

  /** Completes the result when all expected have reported, or with what came within the wait. */
  void await(
      String receipt, List<Member> expected, Duration wait, CompletableFuture<Receipt> result) {
    Tally tally = tallies.computeIfAbsent(receipt, this::open);
    tally.expected = expected;
    tally.result = result;
    if (tally.judge(wait.isZero())) {
      tallies.remove(receipt);
    } else {
      hubThread.later(
          wait,
          () -> {
            tally.judge(true);
            tallies.remove(receipt);
          });
    }
  }

  private Tally open(String receipt) {
    hubThread.later(FORGOTTEN, () -> tallies.remove(receipt));
    return new Tally();
  }

  private static final class Tally {
    final Map<String, Integer> reports = new HashMap<>();
    @Nullable List<Member> expected;
    @Nullable CompletableFuture<Receipt> result;

    boolean judge(boolean late) {
      List<Member> all = expected;
      CompletableFuture<Receipt> waits = result;
      if (all == null || waits == null) {
        return false;
      }
      boolean complete =
          !all.isEmpty()
              && all.stream().allMatch(member -> reports.containsKey(member.incarnation()));
      if (complete || late) {
        int clients = reports.values().stream().mapToInt(Integer::intValue).sum();
        waits.complete(new Receipt(clients, reports.size(), complete));
      }
      return complete || late;
    }
  }
}
