package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Which nodes are alive, and what one asks or tells the others: leases, receipts, claims of
 * connection ids. Methods may be called from any thread; futures complete, and {@link Peer} is
 * called, on the hub executor.
 *
 * <p>A node is alive while its lease is: renewed every 2 s, gone after 6 s. Each start of a node is
 * an incarnation of its own.
 */
public interface Roster {
  /**
   * Takes the lease under this node's id and keeps it. If an earlier incarnation still holds one,
   * waits until that ends.
   *
   * @return completes once joined, or without having joined when the backplane cannot be reached
   *     now (it goes on trying; see {@link Peer#refused}); exceptionally when a live node has the
   *     id
   */
  CompletableFuture<Void> join(Peer peer);

  /** Gives the lease and all claims back; the node is no longer counted. */
  CompletableFuture<Void> leave();

  /** This node's id. */
  String nodeId();

  /** This start of the node: unique over the cluster, {@code a-z 0-9}, at most 12 characters. */
  String incarnation();

  /** The live nodes, this one included once it joined. */
  CompletableFuture<List<Member>> members();

  /** Opens a receipt for one publication of this node and returns its reference. */
  String openReceipt();

  /**
   * Another node's or this node's report: the message with that receipt was put on so many
   * connections.
   */
  void report(String receipt, int clients);

  /**
   * Waits for the reports of all nodes that were alive at {@code publishedAt}.
   *
   * @param receipt from {@link #openReceipt}; closed afterwards
   * @param publishedAt the message's timestamp
   * @param wait how long at most
   */
  CompletableFuture<Receipt> receipt(String receipt, long publishedAt, Duration wait);

  /** Asks every live node, this one included; who is silent for {@code wait} is named. */
  default CompletableFuture<Gathered> ask(String question, Duration wait) {
    return ask(question, wait, answer -> false);
  }

  /**
   * The same, where one answer may make the others needless.
   *
   * @param question any text without NUL
   * @param enough on the hub thread: whether to wait no longer after this answer; then nobody is
   *     missing
   */
  CompletableFuture<Gathered> ask(String question, Duration wait, Predicate<String> enough);

  /**
   * Tells every live node but this one; nobody answers. What is told while this node or another is
   * away from the backplane is lost: see {@link Peer#unheard} and {@link Peer#missed}.
   */
  void tell(String text);

  /**
   * Claims a given connection id for a connection of this node. While the backplane is gone the
   * claim is granted, and made good when it is back (the loser is told by {@link Peer#claimLost}).
   *
   * @param connectionId the id
   * @param credential digest of the credential; only the same may take over
   * @param takeover whether a live holder gives way (it came back with a cursor)
   */
  CompletableFuture<Claim> claim(String connectionId, String credential, boolean takeover);

  /**
   * Gives a claim back, once for each that was granted; with the last one of an id it is free, if
   * this node still has it.
   */
  void release(String connectionId);

  /**
   * A live node.
   *
   * @param nodeId its id
   * @param incarnation its start
   * @param since when it joined, milliseconds on the backplane's clock
   */
  record Member(String nodeId, String incarnation, long since) {}

  /**
   * On how many connections, on how many nodes, a message was put.
   *
   * @param clients connections
   * @param nodes nodes that reported
   * @param complete whether all live nodes did
   */
  record Receipt(int clients, int nodes, boolean complete) {}

  /**
   * Answers of the cluster.
   *
   * @param answers by node id
   * @param missing the ids of live nodes that did not answer in time
   */
  record Gathered(Map<String, String> answers, List<String> missing) {}

  /** What became of a claim. */
  enum Claim {
    GRANTED,
    /** Granted; the former holder, on whatever node, was told by {@link Peer#claimLost}. */
    TAKEN_OVER,
    /** A live connection holds it. */
    HELD,
    /** A live connection of another credential holds it. */
    FOREIGN
  }

  /** This node, as the others see it. Called on the hub thread. */
  interface Peer {
    /**
     * Answers {@link Roster#ask}; may take its time. A failure is no answer: the node counts as
     * silent.
     */
    CompletableFuture<String> answer(String question);

    /** Another node told something. */
    void told(String text);

    /** What others told or asked may not have come here; from now on it does again. */
    void missed();

    /** What this node told may not have reached the others; from now on it does again. */
    void unheard();

    /** The id is another connection's now: close ours with reason {@code replaced}. */
    void claimLost(String connectionId);

    /** A live node has our id: this one must end, with that message. */
    void refused(String message);
  }
}
