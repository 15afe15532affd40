package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What the other nodes ask this one, and what they tell it. Any thread. */
final class HubPeer implements Roster.Peer {
  private final Sequencer sequencer;
  private final Responder responder;
  private final ClusterFigures figures;
  private final Presences presences;
  private final Takeovers takeovers;
  private final NodeNews news;
  private final Consumer<String> fatal;

  /**
   * @param responder answers whatever is about connections
   * @param fatal told why this node must end
   */
  HubPeer(
      Sequencer sequencer,
      Responder responder,
      ClusterFigures figures,
      Presences presences,
      Takeovers takeovers,
      NodeNews news,
      Consumer<String> fatal) {
    this.sequencer = sequencer;
    this.responder = responder;
    this.figures = figures;
    this.presences = presences;
    this.takeovers = takeovers;
    this.news = news;
    this.fatal = fatal;
  }

  @Override
  public CompletableFuture<String> answer(String question) {
    if (presences.concerns(question)) {
      return CompletableFuture.completedFuture(presences.asked(question));
    }
    if (question.equals(Question.FIGURES)) {
      return CompletableFuture.completedFuture(figures.own());
    }
    if (question.startsWith(Question.RECEIVED + '\n')) {
      return CompletableFuture.completedFuture(TopicFigures.answer(question, sequencer));
    }
    return responder.answer(question);
  }

  @Override
  public void told(String text) {
    if (!takeovers.told(text) && !news.told(text) && presences.concerns(text)) {
      presences.told(text);
    }
  }

  @Override
  public void missed() {
    presences.missed();
  }

  @Override
  public void unheard() {
    presences.unheard();
  }

  @Override
  public void claimLost(String connectionId) {
    takeovers.here(connectionId);
  }

  @Override
  public void refused(String message) {
    fatal.accept(message);
  }
}
