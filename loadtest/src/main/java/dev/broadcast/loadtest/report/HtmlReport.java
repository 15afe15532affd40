package dev.broadcast.loadtest.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One page without scripts or anything from elsewhere; its frame and style are {@code report.html}.
 */
public final class HtmlReport {
  private HtmlReport() {}

  /** Writes {@code bench.html} and says where it is. */
  public static Path write(Path directory, Machine machine, int rounds, List<Summary> summaries)
      throws IOException {
    Path file = directory.resolve("bench.html");
    Files.writeString(file, page(machine, rounds, summaries), UTF_8);
    return file;
  }

  static String page(Machine machine, int rounds, List<Summary> summaries) throws IOException {
    StringBuilder body = new StringBuilder(Overview.html(summaries));
    for (Work work : summaries.stream().map(Summary::work).distinct().toList()) {
      body.append(
          section(
              work, summaries.stream().filter(summary -> summary.work().equals(work)).toList()));
    }
    return frame()
        .replace("{{when}}", Html.escape(machine.when().toString()))
        .replace(
            "{{rounds}}",
            rounds == 1 ? "one round" : "medians of " + rounds + " interleaved rounds")
        .replace("{{cpu}}", Html.escape(machine.cpu()))
        .replace("{{system}}", Html.escape(machine.system()))
        .replace("{{jdk}}", Html.escape(machine.jdk()))
        .replace("{{pinning}}", Html.escape(machine.pinning()))
        .replace("{{commit}}", Html.escape(machine.commit()))
        .replace("{{body}}", body);
  }

  private static String section(Work work, List<Summary> summaries) {
    StringBuilder html = new StringBuilder();
    html.append(
        String.format(
            "<section id=\"%1$s\">%n<h2>%1$s</h2>%n<p class=\"what\">%2$s</p>%n<div class=\"charts\">%n",
            Html.escape(work.name()), Html.escape(work.description())));
    html.append(new Charts(work, summaries).html());
    html.append("</div>\n").append(table(work, summaries)).append(verdicts(summaries));
    List<String> faults = new ArrayList<>();
    summaries.forEach(
        summary -> summary.faults().forEach(fault -> faults.add(summary.server() + ", " + fault)));
    faults.forEach(
        fault ->
            html.append("<p class=\"void\">VOID ").append(Html.escape(fault)).append("</p>\n"));
    return html.append("</section>\n").toString();
  }

  private static String table(Work work, List<Summary> summaries) {
    StringBuilder html = new StringBuilder();
    html.append("<div class=\"wide\"><table><thead><tr>");
    List<String> heads = new ArrayList<>(List.of("server"));
    for (Measure measure : work.measures()) {
      heads.add(measure.title());
      if (measure.inFloors()) {
        heads.add("× floor");
      }
    }
    heads.addAll(List.of("lost", "duplicated", "reordered", "runs"));
    heads.forEach(head -> html.append("<th>").append(Html.escape(head)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    summaries.forEach(summary -> html.append(row(work, summary)));
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String row(Work work, Summary summary) {
    List<String> cells = new ArrayList<>();
    for (Measure measure : work.measures()) {
      Figure figure = summary.figures().get(measure);
      cells.add(figure == null ? "–" : measure.text(figure.median()));
      if (measure.inFloors()) {
        Figure floors = summary.inFloors().get(measure);
        cells.add(floors == null ? "–" : String.format(Locale.ROOT, "%.2f", floors.median()));
      }
    }
    cells.add(String.valueOf(summary.lost()));
    cells.add(String.valueOf(summary.duplicated()));
    cells.add(String.valueOf(summary.reordered()));
    cells.add(summary.runs() - summary.faults().size() + " of " + summary.runs());
    StringBuilder html = new StringBuilder();
    html.append(
        String.format(
            "<tr><th scope=\"row\" title=\"%s\">%s</th>",
            Html.escape(summary.description()), Html.escape(summary.server())));
    cells.forEach(cell -> html.append("<td>").append(Html.escape(cell)).append("</td>"));
    return html.append("</tr>\n").toString();
  }

  private static String verdicts(List<Summary> summaries) {
    StringBuilder html = new StringBuilder();
    for (Summary summary : summaries) {
      for (Verdict verdict : summary.verdicts()) {
        String look = !verdict.decided() ? "open" : verdict.kept() ? "kept" : "missed";
        html.append(
            String.format(
                "<p class=\"promise %s\">%s: %s</p>%n",
                look, Html.escape(summary.server()), Html.escape(verdict.text())));
      }
    }
    return html.toString();
  }

  private static String frame() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(
            HtmlReport.class.getResourceAsStream("report.html"), "report.html")) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
