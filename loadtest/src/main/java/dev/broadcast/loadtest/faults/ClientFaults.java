package dev.broadcast.loadtest.faults;

import static dev.broadcast.loadtest.faults.Fault.harmless;

import java.util.List;
import java.util.Random;

/** What clients do. */
final class ClientFaults {
  private static final int STORMS = 5;

  private ClientFaults() {}

  static List<Fault> all() {
    return List.of(
        harmless("clients-stall", "a third of them stop reading", 500, 8_000, ClientFaults::stall),
        harmless(
            "clients-drip",
            "a third of them read a byte a second",
            2_000,
            6_000,
            ClientFaults::drip),
        harmless(
            "clients-storm",
            "all are cut and come back at once, five times",
            200,
            800,
            ClientFaults::storm));
  }

  private static void stall(Scene scene, Step step) throws InterruptedException {
    some(scene, step).forEach(StreamClient::stall);
    scene.last(step);
    scene.clients().forEach(StreamClient::flow);
  }

  private static void drip(Scene scene, Step step) throws InterruptedException {
    some(scene, step).forEach(StreamClient::drip);
    scene.last(step);
    scene.clients().forEach(StreamClient::flow);
  }

  private static List<StreamClient> some(Scene scene, Step step) {
    Random random = step.random();
    return scene.clients().stream().filter(client -> random.nextInt(3) == 0).toList();
  }

  private static void storm(Scene scene, Step step) throws InterruptedException {
    for (int i = 0; i < STORMS; i++) {
      scene.clients().forEach(StreamClient::cut);
      scene.last(step);
    }
  }
}
