package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.hub.Hub.Admission;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who may open a stream, and under which id. Any thread. */
final class Admissions {
  private final Roster roster;
  private final int most;
  private final Supplier<String> newSuffix;
  private final Consumer<String> replaced;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * With nothing open.
   *
   * @param most open streams
   * @param newSuffix makes what is unique about a made id
   * @param replaced ends, on every node, whatever stream has a made id
   */
  Admissions(Roster roster, int most, Supplier<String> newSuffix, Consumer<String> replaced) {
    this.roster = roster;
    this.most = most;
    this.newSuffix = newSuffix;
    this.replaced = replaced;
  }

  /** Open streams, and those that were admitted and are about to open. */
  int open() {
    return open.get();
  }

  CompletableFuture<Admission> admit(StreamRequest request) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      return CompletableFuture.completedFuture(
          new Admission.NotNow("limit", "this node has its " + most + " connections"));
    }
    Optional<Cursor> cursor = Optional.empty();
    String echo = null;
    if (request.start() instanceof StreamRequest.Start.After after) {
      cursor = Cursor.parse(after.cursor());
      echo = cursor.isPresent() ? after.cursor() : null;
    }
    String given = request.id();
    return given == null
        ? CompletableFuture.completedFuture(
            new Admission.Granted(request, madeId(request, cursor), echo))
        : claimed(request, given, echo);
  }

  /** A new id, or the one that the cursor says the client had. */
  private String madeId(StreamRequest request, Optional<Cursor> cursor) {
    @Nullable String suffix = cursor.map(Cursor::suffix).orElse(null);
    if (suffix == null) {
      return request.kind() + '_' + newSuffix.get();
    }
    String id = request.kind() + '_' + suffix;
    replaced.accept(id);
    return id;
  }

  /** A claim that cannot be made now is made good when the backplane is back. */
  private CompletableFuture<Admission> claimed(
      StreamRequest request, String id, @Nullable String echo) {
    boolean returns = request.start() instanceof StreamRequest.Start.After;
    return roster
        .claim(id, request.credential(), returns)
        .handle(
            (claim, failure) -> {
              if (failure == null
                  && (claim == Roster.Claim.HELD || claim == Roster.Claim.FOREIGN)) {
                open.decrementAndGet();
                return new Admission.IdInUse(id);
              }
              return new Admission.Granted(request, id, echo);
            });
  }

  /** A stream ended, or was never opened. Its id is free, unless another stream has it now. */
  void left(StreamRequest request, String id, CloseReason reason) {
    open.decrementAndGet();
    if (request.id() != null && reason != CloseReason.REPLACED) {
      roster.release(id);
    }
  }
}
