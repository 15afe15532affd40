package dev.broadcast.loadtest.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * Several times of each server as dots on one line, as SVG. Logarithmic: the servers' latencies lie
 * up to a thousand times apart, and a bar from zero would show the slowest alone.
 */
final class DotChart {
  /**
   * One server's line.
   *
   * @param values one for each mark; none when no run counts
   * @param otherwise what to say then
   */
  record Line(String label, List<Double> values, String otherwise) {}

  private static final int TEXT = 168;
  private static final int AXIS = 22;

  private DotChart() {}

  static String svg(String title, List<Line> lines, DoubleFunction<String> words) {
    double least =
        lines.stream().flatMap(line -> line.values().stream()).mapToDouble(x -> x).min().orElse(1);
    double most =
        lines.stream().flatMap(line -> line.values().stream()).mapToDouble(x -> x).max().orElse(1);
    int from = (int) Math.floor(Math.log10(Math.max(least, 1e-3)));
    int to = Math.max(from + 1, (int) Math.ceil(Math.log10(Math.max(most, 1e-3))));
    double scale = (double) (Svg.WIDTH - Svg.LABEL - TEXT) / (to - from);
    Svg svg = new Svg(title, lines.size(), AXIS);
    for (int power = from; power <= to; power++) {
      double x = Svg.LABEL + (power - from) * scale;
      svg.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"0\" y2=\"%d\"/>"
              + "<text class=\"tick\" x=\"%s\" y=\"%d\">%s</text>",
          number(x), number(x), svg.bottom(), number(x), svg.bottom() + AXIS / 2, power(power));
    }
    for (int i = 0; i < lines.size(); i++) {
      append(svg, i, lines.get(i), words, from, scale);
    }
    return svg.end();
  }

  private static void append(
      Svg svg, int row, Line line, DoubleFunction<String> words, int from, double scale) {
    int middle = svg.label(row, line.label());
    if (line.values().isEmpty()) {
      svg.value(row, line.otherwise(), true);
      return;
    }
    List<Double> places =
        line.values().stream()
            .map(value -> Svg.LABEL + (Math.log10(Math.max(value, 1e-3)) - from) * scale)
            .map(place -> Math.max(Svg.LABEL, place))
            .toList();
    String server = Html.escape(line.label());
    svg.add(
        "<line class=\"reach %s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>",
        server,
        number(places.stream().mapToDouble(x -> x).min().orElseThrow()),
        number(places.stream().mapToDouble(x -> x).max().orElseThrow()),
        middle,
        middle);
    for (int i = 0; i < places.size(); i++) {
      svg.add(
          "<circle class=\"dot mark%d %s\" cx=\"%s\" cy=\"%d\" r=\"5\"/>",
          i, server, number(places.get(i)), middle);
    }
    svg.value(row, String.join(" / ", line.values().stream().map(words::apply).toList()), false);
  }

  private static String power(int power) {
    return power < 0
        ? String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power))
        : String.format(Locale.ROOT, "%,.0f", Math.pow(10, power));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
