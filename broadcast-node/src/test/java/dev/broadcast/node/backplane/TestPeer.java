package dev.broadcast.node.backplane;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node as a roster sees it, which writes down what it is told. */
final class TestPeer implements Roster.Peer {
  final List<String> told = new CopyOnWriteArrayList<>();
  final List<String> lost = new CopyOnWriteArrayList<>();
  final List<String> refused = new CopyOnWriteArrayList<>();
  private final String name;

  TestPeer(String name) {
    this.name = name;
  }

  @Override
  public String answer(String question) {
    return name + " says: " + question;
  }

  @Override
  public void told(String text) {
    told.add(text);
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
