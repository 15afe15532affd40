package dev.broadcast.node.hub;

import dev.broadcast.api.Message;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.Roster.Receipt;
import dev.broadcast.node.transport.StreamTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP side, and a program that mounts the routes, asks of the node. May be called from
 * any thread; futures complete on the caller's event loop if it has one, else on any. A future
 * fails with {@code BackplaneException} when the backplane cannot answer now.
 */
public interface Hub {
  /**
   * Admits a stream before anything is answered to the client. Call it on the event loop of the
   * request.
   */
  CompletableFuture<Admission> admit(StreamRequest request);

  /**
   * Opens an admitted stream. Call it on the event loop that owns the client's socket, at once
   * after the admission.
   *
   * @param transport makes the transport, given whom to tell; status and headers leave with it
   * @return the stream
   */
  Stream open(
      Admission.Granted admission, Function<StreamTransport.Listener, StreamTransport> transport);

  /** Lets an admission go that will not be opened: the client left meanwhile. */
  void forget(Admission.Granted admission);

  /**
   * Publishes one message.
   *
   * @param key under which it is stored once, or null
   * @param receipt how long to wait for the receipt, or null for none
   */
  CompletableFuture<Published> publish(
      Message message, @Nullable IdempotencyKey key, @Nullable Duration receipt);

  /**
   * The same for whoever answers one publish after another, without a future between.
   *
   * @param told what became of it, or why nobody knows; in a later turn of the caller's event loop,
   *     if it is one of the node's
   */
  default void publish(
      Message message,
      @Nullable IdempotencyKey key,
      @Nullable Duration receipt,
      BiConsumer<@Nullable Published, @Nullable Throwable> told) {
    var unused = publish(message, key, receipt).whenComplete(told);
  }

  /**
   * Reads a topic's history, oldest first. Messages with {@code to} are left out unless {@code
   * addressed}.
   *
   * @param limit the last so many; after a cursor the first so many after it
   * @param after a cursor as the client sent it, or null
   * @throws IllegalArgumentException (in the future) if {@code after} is no cursor
   */
  CompletableFuture<List<StoredMessage>> history(
      String topic, int limit, @Nullable String after, boolean addressed);

  /** Clears a topic's history for the whole cluster. */
  CompletableFuture<PublishOutcome> clearHistory(String topic);

  /** Open connections of this node. */
  int connections();

  /** Open connections of the cluster, and who did not answer. */
  CompletableFuture<ClusterCount> clusterConnections();

  /** The connections of all nodes. */
  ClusterConnections registry();

  /** What every node says of itself, at most a second old. */
  CompletableFuture<ClusterFigures.All> figures();

  /** How much these topics keep, and how much comes on them. */
  CompletableFuture<Map<String, TopicFigure>> topicFigures(List<String> topics);

  /**
   * Sends an event to one connection, wherever it is. It has no id and is in no history.
   *
   * @param message of which the topic means nothing
   */
  CompletableFuture<ClusterConnections.One> sendAlone(String connectionId, Message message);

  /** The vocabulary. */
  KnownTypes types();

  /** Figures of this node for {@code GET /status}, JSON-ready. */
  Map<String, Object> nodeStatus();

  /** How the backplane is. */
  Backplane.Health health();

  /** Whether the node is saying goodbye: nothing new is admitted. */
  boolean draining();

  /**
   * Says goodbye: tells every stream {@code closing} and ends it, paced over at most {@code
   * within}.
   */
  CompletableFuture<Void> drain(Duration within);

  /** An open stream. Only on the event loop that owns it. */
  interface Stream {
    /** Says goodbye and ends; nothing where it has ended. */
    void end(CloseReason reason);
  }

  /** Whether a stream may open. */
  sealed interface Admission {
    /**
     * It may.
     *
     * @param request what was asked for
     * @param connectionId given or made
     * @param echo the cursor to repeat in the response's {@code Last-Event-ID} header, or null
     */
    record Granted(StreamRequest request, String connectionId, @Nullable String echo)
        implements Admission {}

    /** The client comes back to a stream that has ended as it was asked to: 204. */
    record Ended() implements Admission {}

    /** A live connection has the given id: 409. */
    record IdInUse(String id) implements Admission {}

    /**
     * Not now: 503 or 429, to an event stream client 200 with {@code closing}.
     *
     * @param reason {@code draining} or {@code limit}
     * @param detail for people
     */
    record NotNow(String reason, String detail) implements Admission {}
  }

  /**
   * An idempotency key in its scope.
   *
   * @param credential digest of the publisher's credential, empty for none
   * @param key what the client sent
   * @param item which item of a batch, from 0
   */
  record IdempotencyKey(String credential, String key, int item) {}

  /**
   * What became of a publish.
   *
   * @param outcome of the backplane
   * @param receipt if one was asked for and the message was stored
   * @param changed what the handlers made of the message, or null if it is as it came
   */
  record Published(PublishOutcome outcome, @Nullable Receipt receipt, @Nullable Message changed) {
    /** Of a message that is as it came. */
    public Published(PublishOutcome outcome, @Nullable Receipt receipt) {
      this(outcome, receipt, null);
    }
  }

  /**
   * A message of history.
   *
   * @param id its id as text
   * @param json the whole message, fields {@code id, topic, type, data, timestamp, target_ids,
   *     metadata}, as one compact JSON object
   */
  record StoredMessage(String id, String json) {}

  /**
   * Connections of the cluster.
   *
   * @param connected over all nodes that answered
   * @param nodes how many answered
   * @param missing ids of live nodes that were silent
   */
  record ClusterCount(int connected, int nodes, List<String> missing) {}
}
