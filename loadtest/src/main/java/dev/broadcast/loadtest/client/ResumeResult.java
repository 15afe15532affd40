package dev.broadcast.loadtest.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What a resume storm did.
 *
 * @param before latency before it, of everybody
 * @param during of those that listen all the time, for messages due from the first connect until every client had
 *     caught up
 * @param caughtUpSeconds from the first connect until the last client had everything that was
 *     published before it; 0 when one had not in time
 * @param replayed messages that the clients that came back had missed, over all of them
 * @param stormCpuNanos CPU the server used in that time, connects and live delivery included
 * @param lost messages that any stream should have received and did not
 * @param duplicated messages that any stream received again
 * @param reordered messages that any stream received after a later one
 * @param resets events that cut a stream off from its history, though history held everything
 * @param refused publishes that were not answered with 2xx
 * @param ended streams that the server ended, or never opened
 * @param notCaughtUp clients that had not caught up in time
 */
public record ResumeResult(
    Latency before,
    Latency during,
    double caughtUpSeconds,
    long replayed,
    long stormCpuNanos,
    long lost,
    long duplicated,
    long reordered,
    long resets,
    long refused,
    long ended,
    long notCaughtUp) {

  /** Why the run counts for nothing; empty when it counts. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    name(faults, lost, "lost");
    name(faults, duplicated, "duplicated");
    name(faults, reordered, "reordered");
    name(faults, resets, "resets");
    name(faults, refused, "publishes refused");
    name(faults, ended, "streams ended by the server");
    name(faults, notCaughtUp, "clients not caught up in time");
    return faults;
  }

  /** Server CPU per replayed event in microseconds, connects and live delivery included. */
  public double cpuMicrosPerReplayed() {
    return replayed == 0 ? 0 : stormCpuNanos / 1e3 / replayed;
  }

  private static void name(List<String> faults, long count, String what) {
    if (count > 0) {
      faults.add(count + " " + what);
    }
  }
}
