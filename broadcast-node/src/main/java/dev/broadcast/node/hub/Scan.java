package dev.broadcast.node.hub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a node's connections, loop after loop, in turns so short that deliveries do not wait for
 * them. Any thread may begin one; each loop's connections are looked at on that loop.
 */
final class Scan {
  /** Connections looked at in one turn: well below a millisecond. */
  private static final int LOOKS = 4096;

  private final List<Loop> loops;
  private final Visitor visitor;
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private int loop;
  private int place;

  /** Looks at one connection. */
  interface Visitor {
    /**
     * Whether to go on.
     *
     * @param loop the number of its loop
     */
    boolean visit(int loop, Connection connection);
  }

  private Scan(List<Loop> loops, int loop, int place, Visitor visitor) {
    this.loops = loops;
    this.loop = loop;
    this.place = place;
    this.visitor = visitor;
  }

  /**
   * Begins one.
   *
   * @param loop the number of the loop to begin with
   * @param place in its roll
   * @param visitor called on each loop, for one connection after the other
   * @return completes when all were looked at, or the visitor had enough
   */
  static CompletableFuture<@Nullable Void> over(
      List<Loop> loops, int loop, int place, Visitor visitor) {
    Scan scan = new Scan(loops, loop, place, visitor);
    scan.next();
    return scan.end;
  }

  private void next() {
    if (loop >= loops.size()) {
      end.complete(null);
      return;
    }
    loops
        .get(loop)
        .execute(
            () -> {
              try {
                look(loops.get(loop).roll());
              } catch (RuntimeException e) {
                end.completeExceptionally(e);
              }
            });
  }

  private void look(Roll roll) {
    int until = Math.min(roll.size(), place + LOOKS);
    for (; place < until; place++) {
      Connection connection = roll.at(place);
      if (connection != null && connection.listed() && !visitor.visit(loop, connection)) {
        end.complete(null);
        return;
      }
    }
    if (place >= roll.size()) {
      loop++;
      place = 0;
    }
    next();
  }
}
