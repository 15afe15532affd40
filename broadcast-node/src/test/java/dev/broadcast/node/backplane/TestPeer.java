package dev.broadcast.node.backplane;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A node as a roster sees it, which writes down what it is told. */
final class TestPeer implements Roster.Peer {
  /** Asked so, it says nothing. */
  static final String SILENCE = "silence";

  /** Asked so, it fails. */
  static final String FAIL = "fail";

  final List<String> told = new CopyOnWriteArrayList<>();
  final List<String> lost = new CopyOnWriteArrayList<>();
  final List<String> refused = new CopyOnWriteArrayList<>();
  final AtomicInteger missed = new AtomicInteger();
  final AtomicInteger unheard = new AtomicInteger();
  private final String name;

  TestPeer(String name) {
    this.name = name;
  }

  @Override
  public CompletableFuture<String> answer(String question) {
    if (question.equals(SILENCE)) {
      return new CompletableFuture<>();
    }
    return question.equals(FAIL)
        ? CompletableFuture.failedFuture(new IllegalStateException(name))
        : CompletableFuture.supplyAsync(() -> name + " says: " + question);
  }

  @Override
  public void told(String text) {
    told.add(text);
  }

  @Override
  public void missed() {
    missed.incrementAndGet();
  }

  @Override
  public void unheard() {
    unheard.incrementAndGet();
  }

  @Override
  public void claimLost(String connectionId) {
    lost.add(connectionId);
  }

  @Override
  public void refused(String message) {
    refused.add(message);
  }
}
