package dev.broadcast.loadtest.report;

import java.util.Locale;

/** A drawing with a line per server: its name on the left, its value on the right. */
final class Svg {
  static final int WIDTH = 520;

  /** Where the names end and drawing starts. */
  static final int LABEL = 128;

  private static final int STEP = 28;

  private final StringBuilder text = new StringBuilder();
  private final int rows;

  Svg(String title, int rows, int axis) {
    this.rows = rows;
    add(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, bottom() + axis, Html.escape(title));
  }

  /** Below the last row. */
  int bottom() {
    return STEP * rows + 4;
  }

  void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Writes a row's name; returns the row's middle. */
  int label(int row, String label) {
    add(
        "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>",
        LABEL - 10, middle(row), Html.escape(label));
    return middle(row);
  }

  void value(int row, String value, boolean none) {
    add(
        "<text class=\"value%s\" x=\"%d\" y=\"%d\">%s</text>",
        none ? " none" : "", WIDTH, middle(row), Html.escape(value));
  }

  String end() {
    return text.append("</svg>\n").toString();
  }

  private static int middle(int row) {
    return STEP * row + STEP / 2;
  }
}
