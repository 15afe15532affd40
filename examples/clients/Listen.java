import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.client.Listening;
import dev.broadcast.api.stream.StreamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Listens to a topic, and goes on where it stopped. Arguments: topic, a file for its place, nodes. */
class Listen {
  public static void main(String[] args) throws IOException {
    String topic = args[0];
    Path place = Path.of(args[1]);
    URI[] nodes = Stream.of(args).skip(2).map(URI::create).toArray(URI[]::new);

    SubscribeOptions options = SubscribeOptions.to(topic);
    if (Files.exists(place)) {
      options = options.after(Files.readString(place));
    }
    BroadcastClient client = BroadcastClient.of(nodes);
    Listening listening =
        client.listen(
            options,
            event -> {
              if (event instanceof StreamEvent.Delivered delivered) {
                System.out.println(delivered.message().data().content());
                keep(place, delivered.cursor()); // after the work is done
              } else if (event instanceof StreamEvent.Reset reset) {
                System.out.println("messages are gone, load anew: " + reset.topics());
              }
            });
    listening.ended().join(); // its threads are daemons: the program is not kept alive by them
  }

  private static void keep(Path place, String cursor) {
    try {
      Files.writeString(place, cursor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
