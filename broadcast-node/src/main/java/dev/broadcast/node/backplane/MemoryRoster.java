package dev.broadcast.node.backplane;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The roster of a node that stands alone: its only member. All state is the hub thread's. */
public final class MemoryRoster implements Roster {
  private final String nodeId;
  private final String incarnation = new Tokens().incarnation();
  private final HubThread hubThread;
  private final InstantSource clock;
  private final AtomicLong receipts = new AtomicLong();
  private final Map<String, Integer> reports = new HashMap<>();
  private final Map<String, CompletableFuture<Receipt>> awaited = new HashMap<>();
  private final Map<String, Claimed> claims = new HashMap<>();
  private @Nullable Peer peer;
  private long since;

  /**
   * @param nodeId names this node to people
   * @param hubThread runs one task at a time, in the order given
   */
  public MemoryRoster(String nodeId, Executor hubThread, InstantSource clock) {
    this.nodeId = nodeId;
    this.hubThread = new HubThread(hubThread);
    this.clock = clock;
  }

  @Override
  public CompletableFuture<Void> join(Peer as) {
    return hubThread.call(
        () -> {
          peer = as;
          since = clock.millis();
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> leave() {
    return hubThread.call(
        () -> {
          peer = null;
          claims.clear();
          return null;
        });
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public String incarnation() {
    return incarnation;
  }

  @Override
  public CompletableFuture<List<Member>> members() {
    return hubThread.call(
        () -> peer == null ? List.of() : List.of(new Member(nodeId, incarnation, since)));
  }

  @Override
  public String openReceipt() {
    return incarnation + '.' + receipts.incrementAndGet();
  }

  @Override
  public void report(String receipt, int clients) {
    hubThread.run(
        () -> {
          CompletableFuture<Receipt> waits = awaited.remove(receipt);
          if (waits != null) {
            waits.complete(new Receipt(clients, 1, true));
          } else {
            reports.put(receipt, clients);
            forgetLater(receipt);
          }
        });
  }

  @Override
  public CompletableFuture<Receipt> receipt(String receipt, long publishedAt, Duration wait) {
    var result = new CompletableFuture<Receipt>();
    boolean taken =
        hubThread.run(
            () -> {
              Integer reported = reports.remove(receipt);
              if (reported != null) {
                result.complete(new Receipt(reported, 1, true));
                return;
              }
              awaited.put(receipt, result);
              hubThread.later(
                  wait,
                  () -> {
                    awaited.remove(receipt);
                    result.complete(new Receipt(0, 0, false));
                  });
            });
    return taken ? result : CompletableFuture.completedFuture(new Receipt(0, 0, false));
  }

  @Override
  public CompletableFuture<Gathered> ask(String question, Duration wait, Predicate<String> enough) {
    return hubThread.promise(
        result -> {
          if (peer == null) {
            result.complete(new Gathered(Map.of(), List.of()));
            return;
          }
          hubThread.later(wait, () -> result.complete(new Gathered(Map.of(), List.of(nodeId))));
          var unused =
              peer.answer(question)
                  .whenComplete(
                      (answer, failure) -> {
                        if (failure == null) {
                          hubThread.run(
                              () ->
                                  result.complete(new Gathered(Map.of(nodeId, answer), List.of())));
                        }
                      });
        });
  }

  @Override
  public void tell(String text) {
    // There is no other node.
  }

  @Override
  public CompletableFuture<Claim> claim(String connectionId, String credential, boolean takeover) {
    return hubThread.call(
        () -> {
          Claimed held = claims.get(connectionId);
          if (held == null) {
            claims.put(connectionId, new Claimed(credential, 1));
            return Claim.GRANTED;
          }
          if (!held.credential().equals(credential)) {
            return Claim.FOREIGN;
          }
          if (!takeover) {
            return Claim.HELD;
          }
          claims.put(connectionId, new Claimed(credential, held.streams() + 1));
          if (peer != null) {
            peer.claimLost(connectionId);
          }
          return Claim.TAKEN_OVER;
        });
  }

  @Override
  public void release(String connectionId) {
    hubThread.run(
        () ->
            claims.computeIfPresent(
                connectionId,
                (id, held) ->
                    held.streams() == 1
                        ? null
                        : new Claimed(held.credential(), held.streams() - 1)));
  }

  /** An id's credential, and how many streams have it: one and those that give way to it. */
  private record Claimed(String credential, int streams) {}

  /** Nobody may ever ask for a report: a publish that failed after its receipt was opened. */
  private void forgetLater(String receipt) {
    hubThread.later(Duration.ofMinutes(1), () -> reports.remove(receipt));
  }
}
