import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.html.Element;
import dev.broadcast.api.html.Markup;
import dev.broadcast.api.html.OutOfBand;
import dev.broadcast.api.html.SwapStyle;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Takes an order every second, and ships them one by one. Argument: the node. */
class Table {
  private static final List<String> GOODS =
      List.of("teapot", "lamp", "umbrella", "chess set", "globe");

  private record Order(int number, String what, String state, int price) {
    Element row() {
      return Element.of("tr")
          .id("order-" + number)
          .attr("class", "new")
          .add(Element.of("td").text("#" + number))
          .add(Element.of("td").text(what))
          .add(Element.of("td").text(state))
          .add(Element.of("td").text(price + ".00"));
    }
  }

  public static void main(String[] args) throws InterruptedException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Order[] open = new Order[3];
    try (BroadcastClient client = BroadcastClient.of(URI.create(args[0]))) {
      for (int number = 1; ; number++) {
        String what = GOODS.get(random.nextInt(GOODS.size()));
        Order order = new Order(number, what, "new", random.nextInt(9, 90));
        OutOfBand pieces =
            OutOfBand.create()
                .swap("orders", SwapStyle.AFTER_BEGIN, order.row())
                .swap("count", SwapStyle.INNER_HTML, Markup.text("" + number));
        Order old = open[number % open.length];
        if (old != null) {
          pieces.replace(new Order(old.number(), old.what(), "shipped", old.price()).row());
        }
        open[number % open.length] = order;
        client.publish(pieces.message(null).topic("orders").build()).join();
        Thread.sleep(1000);
      }
    }
  }
}
