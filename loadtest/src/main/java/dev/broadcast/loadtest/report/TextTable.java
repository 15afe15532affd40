package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Work;
import java.util.ArrayList;
import java.util.List;

/** The table on standard output. */
public final class TextTable {
  private static final int SERVER = 19;
  private static final int LEAST = 9;

  private TextTable() {}

  /** All works, one block each, then how the promises fared. */
  public static String of(Machine machine, List<Summary> summaries) {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%n%s, %s, %s%n", machine.cpu(), machine.jdk(), machine.pinning()));
    Work work = null;
    for (Summary summary : summaries) {
      if (!summary.work().equals(work)) {
        work = summary.work();
        text.append(String.format("%n%s: %s%n", work.name(), work.description()));
        text.append(line("server", heads(work)));
      }
      text.append(line(summary.server(), cells(summary)));
      summary.faults().forEach(fault -> text.append(String.format("  VOID %s%n", fault)));
      summary.verdicts().forEach(verdict -> text.append(String.format("  %s%n", verdict.text())));
    }
    List<Verdict> decided =
        summaries.stream()
            .flatMap(summary -> summary.verdicts().stream())
            .filter(Verdict::decided)
            .toList();
    if (!decided.isEmpty()) {
      text.append(
          String.format(
              "%npromises: %d of %d kept%n",
              decided.stream().filter(Verdict::kept).count(), decided.size()));
    }
    return text.toString();
  }

  private static List<String> heads(Work work) {
    List<String> heads = new ArrayList<>();
    for (Measure measure : work.measures()) {
      heads.add(measure.title());
      if (measure.inFloors()) {
        heads.add("× floor");
      }
    }
    heads.addAll(List.of("lost", "dup.", "reord."));
    return heads.stream().map(head -> pad(head, head)).toList();
  }

  private static List<String> cells(Summary summary) {
    List<String> cells = new ArrayList<>();
    for (Measure measure : summary.work().measures()) {
      Figure figure = summary.figures().get(measure);
      cells.add(pad(measure.title(), figure == null ? "-" : measure.text(figure.median())));
      if (measure.inFloors()) {
        Figure floors = summary.inFloors().get(measure);
        cells.add(pad("× floor", floors == null ? "-" : String.format("%.2f", floors.median())));
      }
    }
    cells.add(pad("lost", String.valueOf(summary.lost())));
    cells.add(pad("dup.", String.valueOf(summary.duplicated())));
    cells.add(pad("reord.", String.valueOf(summary.reordered())));
    return cells;
  }

  /** As wide as its column, whose width its heading gives. */
  private static String pad(String head, String cell) {
    int width = Math.max(LEAST, head.length() + 2);
    return " ".repeat(Math.max(1, width - cell.length())) + cell;
  }

  private static String line(String first, List<String> cells) {
    return String.format("%-" + SERVER + "s%s%n", first, String.join("", cells));
  }
}
