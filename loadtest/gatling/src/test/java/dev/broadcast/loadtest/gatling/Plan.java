package dev.broadcast.loadtest.gatling;

import java.util.List;

/**
 * How much load of what kind, from system properties. Immutable.
 *
 * @param url where the cluster is
 * @param key may publish; empty for none
 * @param scenarios which, in this order
 * @param clients streams of each scenario
 * @param seconds how long each holds them
 * @param rate messages a second in the broadcasts
 * @param publishers of the publish-heavy scenario
 * @param p99 what the 99th percentile of everything may take, in milliseconds
 */
record Plan(
    String url,
    String key,
    List<String> scenarios,
    int clients,
    int seconds,
    int rate,
    int publishers,
    int p99) {
  static final List<String> ALL = List.of("ramp", "steady", "reconnect", "slow", "publish");

  Plan {
    scenarios = List.copyOf(scenarios);
    for (String scenario : scenarios) {
      if (!ALL.contains(scenario)) {
        throw new IllegalArgumentException(
            "scenarios: of " + ALL + " expected, not \"" + scenario + "\"");
      }
    }
  }

  static Plan fromProperties() {
    String scenarios = System.getProperty("scenarios", "");
    return new Plan(
        System.getProperty("url", "http://127.0.0.1:8080"),
        System.getProperty("key", ""),
        scenarios.isEmpty() ? ALL : List.of(scenarios.split(",", -1)),
        Integer.getInteger("clients", 1000),
        Integer.getInteger("seconds", 30),
        Integer.getInteger("rate", 20),
        Integer.getInteger("publishers", 50),
        Integer.getInteger("p99", 1000));
  }
}
