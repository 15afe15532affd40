package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.Work;
import java.util.List;
import java.util.Locale;

/** The table on standard output. */
public final class TextTable {
  private static final String HEAD =
      String.format(
          "%-17s%14s%9s%14s%12s%9s%9s%9s%7s%7s%7s%9s%9s%n",
          "server",
          "CPU µs/deliv.",
          "× floor",
          "deliveries/s",
          "publishes/s",
          "p50 ms",
          "p99 ms",
          "p99.9",
          "lost",
          "dup.",
          "reord.",
          "KB/conn.",
          "client");

  private TextTable() {}

  /** All works, one block each. */
  public static String of(Machine machine, List<Summary> summaries) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%n%s, %s, %s%n", machine.cpu(), machine.jdk(), machine.pinning()));
    Work work = null;
    for (Summary summary : summaries) {
      if (!summary.work().equals(work)) {
        work = summary.work();
        text.append(String.format("%n%s: %s%n", work.name(), work.description())).append(HEAD);
      }
      text.append(line(summary));
      summary.faults().forEach(fault -> text.append(String.format("  VOID %s%n", fault)));
    }
    return text.toString();
  }

  private static String line(Summary summary) {
    Summary.Figures figures = summary.figures();
    String counts =
        String.format("%7d%7d%7d", summary.lost(), summary.duplicated(), summary.reordered());
    if (figures == null) {
      return String.format(
          "%-17s%14s%9s%14s%12s%9s%9s%9s%s%n",
          summary.server(), "-", "-", "-", "-", "-", "-", "-", counts);
    }
    Figure ratio = figures.ratioToFloor();
    return String.format(
        Locale.ROOT,
        "%-17s%14.2f%9s%,14.0f%,12.0f%9.2f%9.2f%9.2f%s%9.1f%8.0f%%%n",
        summary.server(),
        figures.cpuMicrosPerDelivery().median(),
        ratio == null ? "-" : String.format(Locale.ROOT, "%.2f", ratio.median()),
        figures.deliveriesPerSecond().median(),
        figures.publishesPerSecond().median(),
        figures.p50Millis().median(),
        figures.p99Millis().median(),
        figures.p999Millis().median(),
        counts,
        figures.rssKilobytesPerConnection().median(),
        100 * figures.clientLoad().median());
  }
}
