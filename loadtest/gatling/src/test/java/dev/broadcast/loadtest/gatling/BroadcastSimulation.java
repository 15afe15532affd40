package dev.broadcast.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The scenarios that {@code -Dscenarios=} names (see {@link Plan}), one after the other:
 *
 * <ul>
 *   <li>{@code ramp}: streams are opened in half of the time, held, and closed
 *   <li>{@code steady}: all streams are open, messages come at a steady rate
 *   <li>{@code reconnect}: the same, and every client leaves and comes back after its last event,
 *       all within a second, again and again
 *   <li>{@code slow}: messages of 16 KiB for as many clients as in {@code steady}, and for a fifth
 *       more that read nothing for half of the time
 *   <li>{@code publish}: publishers as fast as they are answered, single messages and batches
 * </ul>
 *
 * <p>Every stream counts the numbers in its messages: one that is lost, doubled or swapped fails
 * it.
 */
public final class BroadcastSimulation extends Simulation {
  private static final int LARGE = 16 << 10;

  private final Plan plan = Plan.fromProperties();
  private final Duration hold = Duration.ofSeconds(plan.seconds());

  public BroadcastSimulation() {
    List<PopulationBuilder> next = List.of();
    for (int i = plan.scenarios().size() - 1; i >= 0; i--) {
      List<PopulationBuilder> stage = new ArrayList<>(stage(plan.scenarios().get(i)));
      if (!next.isEmpty()) {
        stage.set(0, stage.get(0).andThen(next));
      }
      next = stage;
    }
    setUp(next)
        .protocols(
            http.baseUrl(plan.url())
                // All that comes between two looks.
                .sseUnmatchedInboundMessageBufferSize(100_000)
                // Publishers are programs with a pool, not visitors.
                .shareConnections())
        .maxDuration(hold.multipliedBy(3L * plan.scenarios().size()).plusMinutes(1))
        .assertions(assertions());
  }

  private List<Assertion> assertions() {
    List<Assertion> all = new ArrayList<>();
    all.add(global().failedRequests().count().is(0L));
    for (String name : plan.scenarios()) {
      if (!name.equals("publish")) {
        all.add(details(name + ": stream opens").responseTime().percentile(99).lt(plan.p99()));
      }
      if (!name.equals("ramp")) {
        all.add(details(name + ": publish").responseTime().percentile(99).lt(plan.p99()));
      }
      if (name.equals("steady") || name.equals("slow")) {
        // Of each stream the message that came latest.
        all.add(details(Steps.verdict(name)).responseTime().percentile(99).lt(plan.p99()));
      }
    }
    return all;
  }

  /** The clients first; those after them begin when they have left. */
  private List<PopulationBuilder> stage(String name) {
    return switch (name) {
      case "ramp" -> List.of(ramp());
      case "steady" -> List.of(clients(name, Steps.listen(name, hold)), publisher(name, ""));
      case "reconnect" -> List.of(clients(name, Steps.comeBack(name, hold)), publisher(name, ""));
      case "slow" ->
          List.of(
              clients(name, Steps.listen(name, hold)),
              slowClients(name),
              publisher(name, " " + "x".repeat(LARGE)));
      default -> List.of(publishers(name));
    };
  }

  private PopulationBuilder ramp() {
    return scenario("ramp")
        .exec(Steps.open("ramp"), pause(hold.dividedBy(2)), Steps.close())
        .injectOpen(rampUsers(plan.clients()).during(hold.dividedBy(2)));
  }

  private PopulationBuilder clients(String name, ChainBuilder doing) {
    return scenario(name)
        .exec(Steps.open(name), doing, Steps.judge(name), Steps.close())
        .injectOpen(rampUsers(plan.clients()).during(2));
  }

  private PopulationBuilder slowClients(String name) {
    return scenario(name + " readers")
        .exec(Steps.lookAway(plan, name, hold))
        .injectOpen(atOnceUsers(Math.max(1, plan.clients() / 5)));
  }

  /** Publishes until the clients have left: what they miss is to show while they are there. */
  private PopulationBuilder publisher(String name, String padding) {
    AtomicLong numbers = new AtomicLong();
    return scenario(name + " publisher")
        .exec(
            repeat(plan.rate() * (plan.seconds() + 3))
                .on(
                    pace(Duration.ofMillis(1000L / plan.rate()))
                        .exec(Steps.publishNext(plan, name, numbers, padding))))
        .injectOpen(atOnceUsers(1));
  }

  private PopulationBuilder publishers(String name) {
    AtomicLong numbers = new AtomicLong();
    return scenario(name)
        .exec(
            during(hold)
                .on(Steps.publishNext(plan, name, numbers, ""), Steps.publishBatch(plan, name)))
        .injectOpen(atOnceUsers(plan.publishers()));
  }
}
