package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The nodes of a simulated cluster, as far as the ways of messages depend on them. */
final class SimRoster implements Roster {
  private final SimWorld world;
  private final SimNode node;
  private final List<SimNode> nodes;
  private final Map<String, SimNode> claims;
  private final Map<String, Integer> streams = new HashMap<>();
  @Nullable Peer peer;

  SimRoster(SimWorld world, SimNode node, List<SimNode> nodes, Map<String, SimNode> claims) {
    this.world = world;
    this.node = node;
    this.nodes = nodes;
    this.claims = claims;
  }

  @Override
  public CompletableFuture<Void> join(Peer to) {
    peer = to;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<Void> leave() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public String nodeId() {
    return node.name;
  }

  @Override
  public String incarnation() {
    return node.name + "/" + node.lives();
  }

  @Override
  public CompletableFuture<List<Member>> members() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public String openReceipt() {
    return world.receipts.open();
  }

  @Override
  public void report(String receipt, int clients) {
    world.receipts.report(receipt, incarnation(), clients);
  }

  @Override
  public CompletableFuture<Receipt> receipt(String receipt, long publishedAt, Duration wait) {
    return CompletableFuture.completedFuture(new Receipt(0, 0, false));
  }

  @Override
  public CompletableFuture<Gathered> ask(String question, Duration wait, Predicate<String> enough) {
    return CompletableFuture.completedFuture(new Gathered(Map.of(), List.of()));
  }

  @Override
  public void tell(String text) {
    for (SimNode other : nodes) {
      Peer to = other.peer();
      if (other != node && to != null) {
        other.hubThread().execute(() -> to.told(text));
      }
    }
  }

  @Override
  public CompletableFuture<Claim> claim(String id, String credential, boolean takeover) {
    CompletableFuture<Claim> result = new CompletableFuture<>();
    node.hubThread()
        .execute(
            () -> {
              SimNode holder = claims.get(id);
              if (holder != null && !takeover) {
                result.complete(Claim.HELD);
                return;
              }
              claims.put(id, node);
              streams.merge(id, 1, Integer::sum);
              Peer loser = holder == null ? null : holder.peer();
              if (loser == null) {
                result.complete(Claim.GRANTED);
              } else if (holder == node) {
                loser.claimLost(id);
                result.complete(Claim.TAKEN_OVER);
              } else {
                holder.hubThread().execute(() -> loser.claimLost(id));
                result.complete(Claim.TAKEN_OVER);
              }
            });
    return result;
  }

  @Override
  public void release(String id) {
    if (streams.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1) == null) {
      claims.remove(id, node);
    }
  }
}
