import dev.broadcast.api.Message;
import dev.broadcast.api.client.BroadcastClient;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Invents a shop's figures and publishes them four times a second. Arguments: nodes. */
class Dashboard {
  public static void main(String[] nodes) throws InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    double orders = 120;
    double revenue = 0;
    double response = 40;
    try (BroadcastClient client =
        BroadcastClient.of(List.of(nodes).stream().map(URI::create).toArray(URI[]::new))) {
      while (true) {
        orders = Math.max(20, orders + random.nextGaussian() * 4);
        revenue += orders / 240 * random.nextDouble(10, 60);
        response = Math.max(5, response * 0.9 + random.nextDouble(2, 7));
        // One request for the three. The client tries again, under the same key, while the node is away.
        client
            .publishAll(
                List.of(
                    figure("orders", Math.round(orders)),
                    figure("revenue", Math.round(revenue)),
                    figure("response", Math.round(response))))
            .join();
        Thread.sleep(250);
      }
    }
  }

  private static Message figure(String name, long value) {
    return Message.builder("update", Map.of("name", name, "value", value))
        .topic("shop/" + name)
        .build();
  }
}
