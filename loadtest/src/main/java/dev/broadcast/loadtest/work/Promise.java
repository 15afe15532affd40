package dev.broadcast.loadtest.work;

import java.util.Locale;

/**
 * What a figure of this project's node must be.
 *
 * @param work of which work
 * @param server of which server
 * @param measure which figure
 * @param atMost whether the bound is the greatest that is right, or else the least
 * @param bound in what {@code unit} says
 * @param unit what the bound counts
 */
public record Promise(
    String work, String server, Measure measure, boolean atMost, double bound, Unit unit) {

  /** What a bound counts. */
  public sealed interface Unit {}

  /** The measure's own unit. */
  public record Itself() implements Unit {}

  /** The same figure of another server in the same round. */
  public record Times(String other) implements Unit {}

  /** The measure's own unit, beyond the same figure of another server. */
  public record Above(String other) implements Unit {}

  /** Whether it is kept by that value, counted as {@link #unit} says. */
  public boolean keptBy(double value) {
    return atMost ? value <= bound : value >= bound;
  }

  /** In words, as {@code must ≤ 1.25 × floor}. */
  public String text() {
    String number = String.format(Locale.ROOT, "%s %s", atMost ? "≤" : "≥", Words.number(bound));
    if (unit instanceof Times times) {
      return "must " + number + " × " + times.other();
    }
    if (unit instanceof Above above) {
      return "must " + number + " above " + above.other();
    }
    return "must " + number;
  }

  /** A value, counted as {@link #unit} says, in words. */
  public String text(double value) {
    if (unit instanceof Times) {
      return String.format(Locale.ROOT, "%.2f ×", value);
    }
    return (unit instanceof Above && value >= 0 ? "+" : "") + measure.text(value);
  }
}
