package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.hub.Hub.Admission;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who may open a stream, and under which id. Any thread. */
final class Admissions {
  private final Roster roster;
  private final Places places;
  private final Supplier<String> newSuffix;
  private final Takeovers takeovers;
  private final Endings endings;
  private final Presences presences;

  /**
   * With nothing open.
   *
   * @param places all free
   * @param newSuffix makes what is unique about a made id
   * @param takeovers end what stream an id had
   */
  Admissions(
      Roster roster,
      Places places,
      Supplier<String> newSuffix,
      Takeovers takeovers,
      Endings endings,
      Presences presences) {
    this.roster = roster;
    this.places = places;
    this.newSuffix = newSuffix;
    this.takeovers = takeovers;
    this.endings = endings;
    this.presences = presences;
  }

  /** Open streams, and those that were admitted and are about to open. */
  int open() {
    return places.taken();
  }

  /** Whether admitting it may end another stream, or has to ask somebody. */
  static boolean mayWait(StreamRequest request) {
    return request.id() != null
        || request.start() instanceof StreamRequest.Start.After
        || !request.extras().until().isEmpty()
        || request.extras().presence();
  }

  CompletableFuture<Admission> admit(StreamRequest asked) {
    if (asked.extras().until().isEmpty()) {
      return admitWatched(asked);
    }
    return endings
        .ended(asked)
        .thenCompose(
            ended ->
                ended
                    ? CompletableFuture.completedFuture(new Admission.Ended())
                    : admitWatched(asked));
  }

  /** Every node knows what it watches before it hears what is: nobody comes unseen between. */
  private CompletableFuture<Admission> admitWatched(StreamRequest asked) {
    if (!asked.extras().presence()) {
      return admitToPlace(asked);
    }
    return presences
        .watch(asked)
        .thenCompose(known -> admitToPlace(asked))
        .thenApply(
            admission -> {
              if (!(admission instanceof Admission.Granted)) {
                presences.unwatch(asked);
              }
              return admission;
            });
  }

  private CompletableFuture<Admission> admitToPlace(StreamRequest asked) {
    // Only what is counted is kept: the text would cost every stream its bytes.
    StreamRequest request = places.perAddress() ? asked : asked.withoutAddress();
    @Nullable Cursor cursor = null;
    String echo = null;
    if (request.start() instanceof StreamRequest.Start.After after) {
      cursor = Cursor.parse(after.cursor()).orElse(null);
      echo = cursor != null ? after.cursor() : null;
    }
    String given = request.id();
    String id = given == null ? madeId(request, cursor) : given;
    String full = places.take(request.address(), request.credential());
    if (full != null) {
      return request.start() instanceof StreamRequest.Start.After
          ? inPlaceOfItsOld(request, id, echo)
          : CompletableFuture.completedFuture(new Admission.NotNow("limit", full));
    }
    return given == null
        ? CompletableFuture.completedFuture(new Admission.Granted(request, id, echo))
        : claimed(request, id, echo);
  }

  /**
   * There is no place, but a client that comes back may have one: that of its old stream, which
   * gives way to it. That one is on its way out perhaps, on another loop.
   */
  private CompletableFuture<Admission> inPlaceOfItsOld(
      StreamRequest request, String id, @Nullable String echo) {
    CompletableFuture<Boolean> yields =
        request.id() == null
            ? CompletableFuture.completedFuture(true)
            : roster.claim(id, request.credential(), true).handle(Admissions::granted);
    return yields.thenCompose(
        granted ->
            granted
                ? takeovers.gone(id).thenApply(gone -> inItsPlace(request, id, echo))
                : CompletableFuture.completedFuture(new Admission.IdInUse(id)));
  }

  private Admission inItsPlace(StreamRequest request, String id, @Nullable String echo) {
    String full = places.take(request.address(), request.credential());
    if (full == null) {
      return new Admission.Granted(request, id, echo);
    }
    if (request.id() != null) {
      roster.release(id);
    }
    return new Admission.NotNow("limit", full);
  }

  /** A claim that cannot be made now is made good when the backplane is back. */
  private static boolean granted(Roster.@Nullable Claim claim, @Nullable Throwable failure) {
    return failure != null || claim == Roster.Claim.GRANTED || claim == Roster.Claim.TAKEN_OVER;
  }

  /**
   * A new id, or the one that the cursor says the client had: its old stream, which may be one that
   * nobody hears any more, makes room.
   */
  private String madeId(StreamRequest request, @Nullable Cursor cursor) {
    String suffix = cursor == null ? null : cursor.suffix();
    if (suffix == null || suffix.isEmpty() || !OwnedSuffix.belongs(suffix, request.credential())) {
      return request.kind() + '_' + OwnedSuffix.of(newSuffix.get(), request.credential());
    }
    String id = request.kind() + '_' + suffix;
    takeovers.everywhere(id);
    return id;
  }

  private CompletableFuture<Admission> claimed(
      StreamRequest request, String id, @Nullable String echo) {
    boolean returns = request.start() instanceof StreamRequest.Start.After;
    return roster
        .claim(id, request.credential(), returns)
        .handle(
            (claim, failure) -> {
              if (!granted(claim, failure)) {
                places.giveBack(request.address(), request.credential());
                return new Admission.IdInUse(id);
              }
              return new Admission.Granted(request, id, echo);
            });
  }

  /** A stream ended, or was never opened. Its id is free, unless another stream has it now. */
  void left(StreamRequest request, String id) {
    if (request.extras().presence()) {
      presences.unwatch(request);
    }
    places.giveBack(request.address(), request.credential());
    if (request.id() != null) {
      roster.release(id);
    }
  }
}
