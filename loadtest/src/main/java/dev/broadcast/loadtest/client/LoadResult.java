package dev.broadcast.loadtest.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What one run of the load client saw.
 *
 * @param connections streams asked for
 * @param open streams still open at the end
 * @param connectSeconds from the first connect to the last head
 * @param published messages sent
 * @param unsent messages that were due and could not be sent because no publisher got its answer in
 *     time
 * @param refused publishes that were not answered with 2xx
 * @param delivered distinct messages received, over all streams
 * @param lost messages that should have been received and were not
 * @param duplicated messages received again
 * @param reordered messages received after a later one of the same publisher
 * @param orders in how many different orders the streams saw the messages; 1 is right, and more
 *     says nothing new where messages were lost, duplicated or reordered
 * @param publishSeconds from the first due message to the last one sent
 * @param deliverSeconds from the first due message to the last delivery
 * @param latency from due to received, over all deliveries
 * @param serverCpuNanos CPU the server used from the first publish to the last delivery
 * @param clientCpuNanos CPU this client used in that time
 * @param connectCpuNanos CPU the server used for opening the streams
 * @param connectRssBytes what the server's resident memory grew by while the streams opened
 * @param publishRssBytes what it grew by from then to the last delivery
 * @param givenUp streams that were never read and that the server had ended by then
 */
public record LoadResult(
    int connections,
    int open,
    double connectSeconds,
    long published,
    long unsent,
    long refused,
    long delivered,
    long lost,
    long duplicated,
    long reordered,
    int orders,
    double publishSeconds,
    double deliverSeconds,
    Latency latency,
    long serverCpuNanos,
    long clientCpuNanos,
    long connectCpuNanos,
    long connectRssBytes,
    long publishRssBytes,
    int givenUp) {

  /** Why the run counts for nothing; empty when it counts. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    name(faults, lost, "lost");
    name(faults, duplicated, "duplicated");
    name(faults, reordered, "reordered");
    if (lost == 0 && duplicated == 0 && reordered == 0 && orders > 1) {
      faults.add(orders + " different orders");
    }
    name(faults, unsent, "due but unsent");
    name(faults, refused, "publishes refused");
    name(faults, connections - open, "streams ended by the server");
    return faults;
  }

  /** Server CPU per delivery in microseconds. */
  public double cpuMicrosPerDelivery() {
    return delivered == 0 ? 0 : serverCpuNanos / 1e3 / delivered;
  }

  public double deliveriesPerSecond() {
    return deliverSeconds == 0 ? 0 : delivered / deliverSeconds;
  }

  /** Server CPU per message published, its deliveries included, in microseconds. */
  public double cpuMicrosPerPublish() {
    return published == 0 ? 0 : serverCpuNanos / 1e3 / published;
  }

  public double publishesPerSecond() {
    return publishSeconds == 0 ? 0 : published / publishSeconds;
  }

  public double cpuMicrosPerConnect() {
    return connectCpuNanos / 1e3 / connections;
  }

  public double rssKilobytesPerConnection() {
    return connectRssBytes / 1024.0 / connections;
  }

  /** Share of one processor that the client used; near 1 it is the client that was measured. */
  public double clientLoad() {
    return deliverSeconds == 0 ? 0 : clientCpuNanos / 1e9 / deliverSeconds;
  }

  private static void name(List<String> faults, long count, String what) {
    if (count > 0) {
      faults.add(count + " " + what);
    }
  }
}
