package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Promise;
import dev.broadcast.loadtest.work.Promises;
import dev.broadcast.loadtest.work.Work;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One figure of every server in every work, on one table: what one looks at first. */
final class Overview {
  private Overview() {}

  static String html(List<Summary> summaries) {
    Map<String, String> servers = new LinkedHashMap<>();
    summaries.forEach(summary -> servers.put(summary.server(), summary.description()));
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table class=\"overview\">");
    html.append("<thead><tr><th></th>");
    servers.forEach(
        (server, description) ->
            html.append(
                String.format(
                    "<th class=\"%1$s\" title=\"%2$s\">%1$s</th>",
                    Html.escape(server), Html.escape(description))));
    html.append("</tr></thead><tbody>\n");
    for (Work work : summaries.stream().map(Summary::work).distinct().toList()) {
      html.append(row(work, servers.keySet(), summaries));
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  private static String row(Work work, Iterable<String> servers, List<Summary> all) {
    List<Summary> summaries = all.stream().filter(some -> some.work().equals(work)).toList();
    Measure measure = first(work);
    boolean inFloors = summaries.stream().anyMatch(some -> some.inFloors().containsKey(measure));
    String title = Charts.title(measure, inFloors);
    StringBuilder html = new StringBuilder();
    html.append(
        String.format(
            "<tr><th scope=\"row\"><a href=\"#%1$s\">%1$s</a><small>%2$s</small></th>",
            Html.escape(work.name()), Html.escape(title)));
    for (String server : servers) {
      html.append(
          summaries.stream()
              .filter(summary -> summary.server().equals(server))
              .findFirst()
              .map(summary -> cell(summary, measure, inFloors))
              .orElse("<td>–</td>"));
    }
    return html.append("</tr>\n").toString();
  }

  private static String cell(Summary summary, Measure measure, boolean inFloors) {
    if (!summary.counts()) {
      return String.format(
          "<td class=\"void\" title=\"%s\">void</td>",
          Html.escape(String.join("; ", summary.faults())));
    }
    Figure figure = (inFloors ? summary.inFloors() : summary.figures()).get(measure);
    String text = "–";
    if (figure != null) {
      text =
          inFloors
              ? String.format(Locale.ROOT, "%.2f ×", figure.median())
              : measure.text(figure.median());
    }
    return String.format(
        "<td class=\"%s\">%s</td>", Html.escape(summary.server()), Html.escape(text));
  }

  /** What something is promised about, else what the work shows first. */
  private static Measure first(Work work) {
    return Promises.all().stream()
        .filter(promise -> promise.work().equals(work.name()))
        .map(Promise::measure)
        .findFirst()
        .orElse(work.measures().get(0));
  }
}
