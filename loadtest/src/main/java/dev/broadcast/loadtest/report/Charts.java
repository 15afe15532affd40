package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.work.FanOut;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Promise;
import dev.broadcast.loadtest.work.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which of a work's figures are drawn, and how; all of them are in its table. */
final class Charts {
  /**
   * Figures that only say something together: the first one's place, the marks' names, the title.
   */
  private record Together(List<Measure> measures, String title) {}

  private static final List<Together> TOGETHER =
      List.of(
          new Together(
              List.of(Measure.P50, Measure.P99, Measure.P999),
              "Latency from due to received, ms: p50 / p99 / p99.9"),
          new Together(
              List.of(Measure.P99_BEFORE, Measure.P99_DURING),
              "p99, ms: of all before / of the others during the storm"),
          new Together(
              List.of(Measure.P99_ALL_READING, Measure.P99_SOME_STALLED),
              "p99 of those who read, ms: all read / some stalled"));

  private final Work work;
  private final List<Summary> summaries;

  Charts(Work work, List<Summary> summaries) {
    this.work = work;
    this.summaries = summaries;
  }

  String html() {
    StringBuilder html = new StringBuilder();
    for (Measure measure : work.measures()) {
      Together together =
          TOGETHER.stream()
              .filter(some -> some.measures().contains(measure))
              .findFirst()
              .orElse(null);
      if (together != null) {
        if (together.measures().get(0) == measure) {
          html.append(dots(together));
        }
      } else if (isDrawn(measure)) {
        html.append(bars(measure));
      }
    }
    return html.toString();
  }

  /** The same figure in its own unit or as a multiple of the floor's. */
  static String title(Measure measure, boolean inFloors) {
    return inFloors ? title(measure).replaceFirst(", µs$", "") + ", × floor" : title(measure);
  }

  /** A column's heading in full, where the heading alone does not say it. */
  private static String title(Measure measure) {
    return switch (measure) {
      case CPU_PER_DELIVERY -> "Server CPU per delivery, µs";
      case DELIVERIES_PER_SECOND -> "Deliveries per second";
      case PUBLISHES_PER_SECOND -> "Publishes per second";
      case CPU_PER_PUBLISH -> "Server CPU per publish, µs";
      case TOPICS_FACTOR -> "CPU per delivery, × that on one topic";
      case STORM_FACTOR -> "p99 of the others in the storm, × that before";
      case CAUGHT_UP_SECONDS -> "Until the last one had caught up, s";
      case CPU_PER_REPLAYED -> "Server CPU per replayed message, µs";
      case CPU_PER_CONNECT_COLD -> "Server CPU per connect, the first ones, µs";
      case CPU_PER_CONNECT_BUSY -> "Server CPU per connect, the last ones before it rests, µs";
      case CPU_PER_CONNECT_WARM -> "Server CPU per connect, after 50,000 and a rest, µs";
      case CONNECTS_PER_SECOND -> "Connects per second";
      case HEAP_PER_CONNECTION -> "Live heap per connection, KB";
      case MEMORY_PER_CONNECTION -> "Memory per connection, heap and outside, KB";
      case STALLED_FACTOR -> "p99 with some stalled, × that with all reading";
      case MEMORY_PER_STALLED -> "Memory per stalled client, MB";
      case REDIS_CPU_PER_PUBLISH -> "CPU of all Redis servers per publish, µs";
      case REDIS_FULL_AT -> "Publishes per second that fill the busiest Redis' processor";
      case GIVEN_UP -> "Stalled clients given up, %";
      default -> measure.title();
    };
  }

  private boolean isDrawn(Measure measure) {
    return switch (measure) {
      // Parts of what is drawn, or about the benchmark itself.
      case CLIENT_LOAD, ONE_TOPIC_CPU, OUTSIDE_PER_CONNECTION, BUSIEST_REDIS -> false;
      // With a rate it is the rate.
      case DELIVERIES_PER_SECOND -> !(work instanceof FanOut fanOut) || fanOut.rate() == 0;
      default -> true;
    };
  }

  private String bars(Measure measure) {
    StringBuilder html = new StringBuilder();
    boolean compared =
        measure.inFloors()
            && summaries.stream().anyMatch(summary -> summary.inFloors().containsKey(measure));
    if (compared) {
      html.append(
          bars(
              title(measure, true),
              summary -> summary.inFloors().get(measure),
              value -> String.format(Locale.ROOT, "%.2f ×", value),
              summary -> promised(summary, measure, new Promise.Times("floor"))));
    }
    Function<Summary, Double> promised =
        summary -> promised(summary, measure, new Promise.Itself());
    if (!compared || summaries.stream().anyMatch(summary -> promised.apply(summary) > 0)) {
      html.append(
          bars(title(measure), summary -> summary.figures().get(measure), measure::text, promised));
    }
    return html.toString();
  }

  private String bars(
      String title,
      Function<Summary, @Nullable Figure> of,
      DoubleFunction<String> words,
      Function<Summary, Double> promised) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (Summary summary : summaries) {
      Figure figure = of.apply(summary);
      String text = figure == null ? without(summary) : words.apply(figure.median());
      bars.add(new BarChart.Bar(summary.server(), figure, text, promised.apply(summary)));
    }
    return figure(title, BarChart.svg(title, bars));
  }

  private String dots(Together together) {
    List<DotChart.Line> lines = new ArrayList<>();
    for (Summary summary : summaries) {
      List<Double> values =
          together.measures().stream()
              .map(summary.figures()::get)
              .filter(Objects::nonNull)
              .map(Figure::median)
              .toList();
      lines.add(new DotChart.Line(summary.server(), values, without(summary)));
    }
    return figure(together.title(), DotChart.svg(together.title(), lines, Charts::millis));
  }

  private static double promised(Summary summary, Measure measure, Promise.Unit unit) {
    return summary.verdicts().stream()
        .map(Verdict::promise)
        .filter(promise -> promise.measure() == measure && promise.unit().equals(unit))
        .mapToDouble(Promise::bound)
        .findFirst()
        .orElse(0);
  }

  private static String without(Summary summary) {
    return summary.counts() ? "not compared" : "void";
  }

  private static String millis(double value) {
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }

  private static String figure(String title, String svg) {
    return "<figure><figcaption>" + Html.escape(title) + "</figcaption>\n" + svg + "</figure>\n";
  }
}
