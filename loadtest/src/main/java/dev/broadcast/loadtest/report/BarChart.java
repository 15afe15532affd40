package dev.broadcast.loadtest.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Horizontal bars as SVG: one per server, a line over each from the least run to the greatest, and
 * a broken one across where it was promised to end.
 */
final class BarChart {
  /**
   * One bar.
   *
   * @param figure absent when no run counts
   * @param text its value, in words, or why it has none
   * @param promised what was promised of it; 0 is nothing
   */
  record Bar(String label, @Nullable Figure figure, String text, double promised) {
    double greatest() {
      return figure == null ? 0 : Math.max(promised, figure.most());
    }
  }

  private static final int TEXT = 104;
  private static final int HEIGHT = 16;

  private BarChart() {}

  static String svg(String title, List<Bar> bars) {
    double most = bars.stream().mapToDouble(Bar::greatest).max().orElse(0);
    double scale = most <= 0 ? 0 : (Svg.WIDTH - Svg.LABEL - TEXT) / most;
    Svg svg = new Svg(title, bars.size(), 0);
    for (int i = 0; i < bars.size(); i++) {
      append(svg, i, bars.get(i), scale);
    }
    return svg.end();
  }

  private static void append(Svg svg, int row, Bar bar, double scale) {
    int middle = svg.label(row, bar.label());
    int top = middle - HEIGHT / 2;
    Figure figure = bar.figure();
    if (figure != null) {
      svg.add(
          "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"2\"/>",
          Html.escape(bar.label()),
          Svg.LABEL,
          top,
          number(Math.max(1, figure.median() * scale)),
          HEIGHT);
      if (figure.least() < figure.most()) {
        svg.add(
            "<line class=\"spread\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>",
            place(Math.max(0, figure.least()), scale),
            place(Math.max(0, figure.most()), scale),
            middle,
            middle);
      }
    }
    if (bar.promised() > 0) {
      svg.add(
          "<line class=\"promised\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>",
          place(bar.promised(), scale), place(bar.promised(), scale), top - 4, top + HEIGHT + 4);
    }
    // In a column of their own: at the bar's end the line of the promise would run through them.
    svg.value(row, bar.text(), figure == null);
  }

  private static String place(double value, double scale) {
    return number(Svg.LABEL + value * scale);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
