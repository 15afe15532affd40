package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http2Client;
import dev.broadcast.testing.Http2Client.GoAway;
import dev.broadcast.testing.Http2Client.Stream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client sees of a node that stops, over HTTP/2. */
class Http2DrainTest {
  /** No stream is too late: whoever has asked already is answered (RFC 9113, section 6.8). */
  private static final int ANY = Integer.MAX_VALUE;

  private static final String PUBLISH = "{\"topic\":\"t\",\"data\":\"late\"}";

  private static Http2Client connect(FrontNode node) throws IOException {
    int window = Http2Client.DEFAULT_WINDOW;
    return new Http2Client(node.uri(), window, window, true);
  }

  private static Stream listen(Http2Client client) {
    Stream stream = client.get("/events?topic=t", "", true);
    Await.until("connected", () -> stream.text().contains("event: connected"));
    return stream;
  }

  private static void publish(Http2Client client) {
    Stream publish = client.post("/events");
    publish.send(PUBLISH, true);
    Await.until("answered", publish::ended);
    assertTrue(publish.text().contains("\"id\":"), publish.text());
  }

  @Test
  void everyStreamOfAConnectionIsToldAndEndedBeforeTheConnectionIs() throws Exception {
    try (TestCluster cluster = TestCluster.start(Setup.ALONE, "--drain=3s");
        Http2Client client = connect(cluster.node(0))) {
      List<Stream> streams = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        streams.add(listen(client));
      }
      // When the node stops
      CompletableFuture<Void> stopped = cluster.node(0).stop();
      // Then each is told by its last event, and ended, not cut
      for (Stream stream : streams) {
        Await.until("ended", stream::ended);
        assertFalse(stream.reset(), "cut: " + stream.text());
        String text = stream.text();
        int retry = text.lastIndexOf("retry: ");
        int closing = text.indexOf("event: closing\n");
        assertTrue(retry > 0 && closing > retry, text);
        assertTrue(text.substring(closing).contains("\"reason\":\"draining\""), text);
        assertEquals(text.length(), text.indexOf("\n\n", closing) + 2, "closing comes last");
      }
      // And when the last one has ended, what is asked next is to be asked elsewhere
      Await.until("told to go", () -> !client.goAways().isEmpty());
      assertEquals(new GoAway(ANY, 0), client.goAways().get(0));
      stopped.get(4, TimeUnit.SECONDS);
      Await.until("ended", () -> client.end() != null);
      assertTrue(Objects.requireNonNull(client.end()).contains("EOF"), client.end());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aPublishThatIsOnItsWayIsAnsweredAndDelivered(Setup setup) throws Exception {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=5s");
        Http2Client client = connect(cluster.node(0));
        Http2Client elsewhere = connect(cluster.node(1))) {
      Stream listener = listen(elsewhere);
      Stream publish = client.post("/events");
      publish.send(PUBLISH.substring(0, 5), false);
      publish(client);
      // When the node stops in the middle of a body
      CompletableFuture<Void> stopped = cluster.node(0).stop();
      Await.until("not accepting", () -> refuses(cluster.node(0)));
      assertFalse(stopped.isDone());
      publish.send(PUBLISH.substring(5), true);
      // Then what was asked is done
      Await.until("answered", publish::ended);
      assertTrue(publish.text().contains("\"id\":"), publish.text());
      stopped.get(4, TimeUnit.SECONDS);
      if (setup == Setup.REDIS) {
        Await.until("delivered", () -> listener.text().split("data: late\n", -1).length == 3);
      }
    }
  }

  @Test
  void whoAsksNothingIsToldToGoAtOnceAndIsAnsweredIfItAskedMeanwhile() throws Exception {
    try (TestCluster cluster = TestCluster.start(Setup.ALONE, "--drain=5s");
        Http2Client busy = connect(cluster.node(0));
        Http2Client idle = connect(cluster.node(0))) {
      publish(idle);
      Stream publish = busy.post("/events");
      publish.send(PUBLISH.substring(0, 5), false);
      publish(busy);
      // When the node stops, and has one request to wait for
      CompletableFuture<Void> stopped = cluster.node(0).stop();
      // Then a client that asks nothing goes elsewhere from now on
      Await.until("told to go", () -> !idle.goAways().isEmpty());
      assertEquals(new GoAway(ANY, 0), idle.goAways().get(0));
      // And what it had sent when that came is answered
      publish(idle);
      // One that is still asking likewise, when the node listens no more, and it is heard out
      Await.until("told to go", () -> !busy.goAways().isEmpty());
      assertEquals(new GoAway(ANY, 1), busy.goAways().get(0));
      Await.until("listens no more", () -> refuses(cluster.node(0)));
      publish.send(PUBLISH.substring(5), true);
      Await.until("answered", publish::ended);
      assertTrue(publish.text().contains("\"id\":"), publish.text());
      stopped.get(4, TimeUnit.SECONDS);
    }
  }

  private static boolean refuses(FrontNode node) {
    try (Socket socket = new Socket("localhost", node.uri().getPort())) {
      return !socket.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }
}
