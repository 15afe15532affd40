package dev.broadcast.e2e;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything a client was sent and what became of its connections; guarded by its client's lock.
 */
final class SeenByClient {

  /** What the node itself says on a stream; everything else was published. */
  private static final Set<String> CONTROL = Set.of("connected", "closing", "reset", "heartbeat");

  /**
   * A dispatched event.
   *
   * @param id the last event id after it
   * @param connection which of the client's connections brought it, from 1
   * @param nanos {@link System#nanoTime} of its arrival
   */
  record Event(String type, String data, String id, int connection, long nanos) {

    boolean isControl() {
      return CONTROL.contains(type);
    }
  }

  private final List<Event> events = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();
  private final List<String> idOnly = new ArrayList<>();
  private final List<String> connections = new ArrayList<>();
  private final List<Integer> refusals = new ArrayList<>();
  private final Set<String> distinct = new HashSet<>();
  private int opened;

  SeenByClient() {}

  SeenByClient(SeenByClient other) {
    events.addAll(other.events);
    comments.addAll(other.comments);
    idOnly.addAll(other.idOnly);
    connections.addAll(other.connections);
    refusals.addAll(other.refusals);
    distinct.addAll(other.distinct);
    opened = other.opened;
  }

  void event(String type, String data, String id) {
    var event = new Event(type, data, id, opened, System.nanoTime());
    events.add(event);
    if (!event.isControl()) {
      distinct.add(data);
    }
  }

  void idOnly(String id) {
    idOnly.add(id);
  }

  void comment(String text) {
    comments.add(text);
  }

  void opened(URI node) {
    opened++;
    connections.add("#" + opened + " open at " + node.getPort());
  }

  void refused(URI node, int status) {
    refusals.add(status);
    connections.add(status + " at " + node.getPort());
  }

  void ended(URI node, String how) {
    connections.add(node.getPort() + ": " + how);
  }

  /** Every event in the order of arrival, the node's own included. */
  List<Event> events() {
    return events;
  }

  /** What was published, in the order of arrival. */
  List<Event> messages() {
    return events.stream().filter(event -> !event.isControl()).toList();
  }

  /** The data of {@link #messages}. */
  List<String> data() {
    return messages().stream().map(Event::data).toList();
  }

  /** How many different data came; cheap, so that waiting for many costs nothing. */
  int distinctCount() {
    return distinct.size();
  }

  boolean has(String data) {
    return distinct.contains(data);
  }

  List<Event> ofType(String type) {
    return events.stream().filter(event -> event.type().equals(type)).toList();
  }

  List<Event> resets() {
    return ofType("reset");
  }

  List<String> comments() {
    return comments;
  }

  /** The ids of blocks that dispatch nothing. */
  List<String> idOnlyBlocks() {
    return idOnly;
  }

  /** How many streams were opened with 200. */
  int connectionCount() {
    return opened;
  }

  /** The statuses that ended the client for good. */
  List<Integer> refusals() {
    return refusals;
  }

  @Override
  public String toString() {
    List<Event> last = events.subList(Math.max(0, events.size() - 8), events.size());
    return events.size()
        + " events, the last "
        + last
        + ", comments "
        + comments.subList(Math.max(0, comments.size() - 4), comments.size())
        + ", connections "
        + connections;
  }
}
