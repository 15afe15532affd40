package dev.broadcast.node.backplane;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The tickets of a node that stands alone. All state is the hub thread's. */
public final class MemoryTickets implements Tickets {
  /** Kept at once; whoever buys more than this in their life pushes the oldest out. */
  static final int MOST = 100_000;

  private static final long SWEEP_MILLIS = 1_000;

  private final HubThread hubThread;
  private final InstantSource clock;
  private final String secret;
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private long swept;

  /**
   * With none sold.
   *
   * @param hubThread runs one task at a time, in the order given
   * @param secret the same for every start of the same node, so that what it signed stays good;
   *     null for a new one
   */
  public MemoryTickets(Executor hubThread, InstantSource clock, @Nullable String secret) {
    this.hubThread = new HubThread(hubThread);
    this.clock = clock;
    this.secret = secret == null ? Tokens.secret() : secret;
  }

  @Override
  public CompletableFuture<Void> put(String digest, String grant, Duration life) {
    return hubThread.call(
        () -> {
          long now = clock.millis();
          sweep(now);
          if (kept.size() >= MOST) {
            kept.remove(kept.keySet().iterator().next());
          }
          kept.put(digest, new Kept(grant, now + life.toMillis()));
          return null;
        });
  }

  @Override
  public CompletableFuture<Optional<String>> take(String digest) {
    return hubThread.call(
        () -> {
          Kept ticket = kept.remove(digest);
          return ticket == null || ticket.until <= clock.millis()
              ? Optional.empty()
              : Optional.of(ticket.grant);
        });
  }

  @Override
  public CompletableFuture<String> secret() {
    return CompletableFuture.completedFuture(secret);
  }

  /** Not at every ticket: with 100,000 of them a sweep takes a millisecond. */
  private void sweep(long now) {
    if (now - swept >= SWEEP_MILLIS || now < swept) {
      swept = now;
      kept.values().removeIf(ticket -> ticket.until <= now);
    }
  }

  private record Kept(String grant, long until) {}
}
