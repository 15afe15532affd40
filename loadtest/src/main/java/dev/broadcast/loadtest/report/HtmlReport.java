package dev.broadcast.loadtest.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.Work;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    StringBuilder body = new StringBuilder();
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
            "<section>%n<h2>%s</h2>%n<p class=\"what\">%s</p>%n<div class=\"charts\">%n",
            Html.escape(work.name()), Html.escape(work.description())));
    html.append(
        chart(
            "Server CPU per delivery, in floors"
                + (work.goal() > 0 ? " (goal ≤ " + work.goal() + ")" : ""),
            summaries,
            Summary.Figures::ratioToFloor,
            "%.2f ×",
            work.goal()));
    html.append(
        chart(
            "Server CPU per delivery, µs",
            summaries,
            Summary.Figures::cpuMicrosPerDelivery,
            "%.2f µs",
            0));
    html.append(
        chart(
            "Deliveries per second", summaries, Summary.Figures::deliveriesPerSecond, "%,.0f", 0));
    html.append(
        chart("p99 due → received, ms", summaries, Summary.Figures::p99Millis, "%.2f ms", 0));
    html.append("</div>\n").append(table(summaries));
    List<String> faults = new ArrayList<>();
    summaries.forEach(
        summary -> summary.faults().forEach(fault -> faults.add(summary.server() + ", " + fault)));
    faults.forEach(
        fault ->
            html.append("<p class=\"void\">VOID ").append(Html.escape(fault)).append("</p>\n"));
    return html.append("</section>\n").toString();
  }

  private static String chart(
      String title,
      List<Summary> summaries,
      Function<Summary.Figures, @Nullable Figure> of,
      String format,
      double goal) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (Summary summary : summaries) {
      Figure figure = summary.figures() == null ? null : of.apply(summary.figures());
      String text =
          figure == null
              ? (summary.figures() == null ? "void" : "no floor")
              : String.format(Locale.ROOT, format, figure.median());
      bars.add(new BarChart.Bar(summary.server(), figure, text));
    }
    return "<figure><figcaption>"
        + Html.escape(title)
        + "</figcaption>\n"
        + BarChart.svg(title, bars, goal)
        + "</figure>\n";
  }

  private static String table(List<Summary> summaries) {
    StringBuilder html = new StringBuilder();
    html.append("<div class=\"wide\"><table><thead><tr>");
    for (String head :
        List.of(
            "server",
            "CPU µs / delivery",
            "× floor",
            "deliveries / s",
            "publishes / s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "lost",
            "duplicated",
            "reordered",
            "RSS KB / connection",
            "CPU µs / connect",
            "client's load",
            "runs")) {
      html.append("<th>").append(Html.escape(head)).append("</th>");
    }
    html.append("</tr></thead><tbody>\n");
    summaries.forEach(summary -> html.append(row(summary)));
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String row(Summary summary) {
    List<String> cells = new ArrayList<>();
    Summary.Figures figures = summary.figures();
    if (figures == null) {
      cells.addAll(Collections.nCopies(7, "–"));
    } else {
      cells.add(number("%.2f", figures.cpuMicrosPerDelivery()));
      cells.add(figures.ratioToFloor() == null ? "–" : number("%.2f", figures.ratioToFloor()));
      cells.add(number("%,.0f", figures.deliveriesPerSecond()));
      cells.add(number("%,.0f", figures.publishesPerSecond()));
      cells.add(number("%.2f", figures.p50Millis()));
      cells.add(number("%.2f", figures.p99Millis()));
      cells.add(number("%.2f", figures.p999Millis()));
    }
    cells.add(String.valueOf(summary.lost()));
    cells.add(String.valueOf(summary.duplicated()));
    cells.add(String.valueOf(summary.reordered()));
    if (figures == null) {
      cells.addAll(Collections.nCopies(3, "–"));
    } else {
      cells.add(number("%.1f", figures.rssKilobytesPerConnection()));
      cells.add(number("%.0f", figures.cpuMicrosPerConnect()));
      cells.add(String.format(Locale.ROOT, "%.0f %%", 100 * figures.clientLoad().median()));
    }
    cells.add(summary.runs() - summary.faults().size() + " of " + summary.runs());
    StringBuilder html = new StringBuilder();
    html.append(
        String.format(
            "<tr><th scope=\"row\" title=\"%s\">%s</th>",
            Html.escape(summary.description()), Html.escape(summary.server())));
    cells.forEach(cell -> html.append("<td>").append(cell).append("</td>"));
    return html.append("</tr>\n").toString();
  }

  private static String number(String format, Figure figure) {
    return String.format(Locale.ROOT, format, figure.median());
  }

  private static String frame() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(
            HtmlReport.class.getResourceAsStream("report.html"), "report.html")) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
