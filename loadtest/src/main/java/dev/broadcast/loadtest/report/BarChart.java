package dev.broadcast.loadtest.report;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Horizontal bars as SVG: one per server, a line over each from the least run to the greatest. */
final class BarChart {
  /**
   * One bar.
   *
   * @param figure absent when no run counts
   * @param text its value, in words
   */
  record Bar(String label, @Nullable Figure figure, String text) {}

  private static final int WIDTH = 520;
  private static final int LABEL = 124;
  private static final int TEXT = 96;
  private static final int STEP = 30;
  private static final int TOP = 8;
  private static final int HEIGHT = 18;

  private BarChart() {}

  /** {@code goal} draws a broken line at that value; 0 draws none. */
  static String svg(String title, List<Bar> bars, double goal) {
    double most = Math.max(goal, bars.stream().mapToDouble(BarChart::greatest).max().orElse(0));
    double scale = most == 0 ? 0 : (WIDTH - LABEL - TEXT) / most;
    int height = TOP + STEP * bars.size();
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            WIDTH, height, Html.escape(title)));
    for (int i = 0; i < bars.size(); i++) {
      append(svg, bars.get(i), TOP + STEP * i, scale);
    }
    if (goal > 0) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"goal\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"0\" y2=\"%2$d\"/>%n",
              LABEL + goal * scale,
              height));
    }
    return svg.append("</svg>\n").toString();
  }

  private static void append(StringBuilder svg, Bar bar, int y, double scale) {
    Figure figure = bar.figure();
    int middle = y + HEIGHT / 2;
    svg.append(
        String.format(
            "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>%n",
            LABEL - 8, middle, Html.escape(bar.label())));
    if (figure != null) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
              Html.escape(bar.label()),
              LABEL,
              y,
              Math.max(1, figure.median() * scale),
              HEIGHT));
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%3$d\" y2=\"%3$d\"/>%n",
              LABEL + figure.least() * scale,
              LABEL + figure.most() * scale,
              middle));
    }
    // In a column of their own: at the bar's end the line of the goal would run through them.
    svg.append(
        String.format(
            "<text class=\"value\" x=\"%d\" y=\"%d\">%s</text>%n",
            WIDTH, middle, Html.escape(bar.text())));
  }

  private static double greatest(Bar bar) {
    return bar.figure() == null ? 0 : bar.figure().most();
  }
}
