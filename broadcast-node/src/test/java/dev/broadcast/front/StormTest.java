package dev.broadcast.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many clients that come at once. */
class StormTest {
  private static final int CLIENTS = 1_500;
  private static final String SUBSCRIBE =
      "GET /events?topic=t HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
  private static final String PUBLISH =
      "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 24\r\n\r\n{\"topic\":\"t\",\"data\":\"d\"}";

  private final FrontNode node = FrontNode.start(List.of());
  private final List<Socket> clients = new ArrayList<>();
  private Socket publisher;

  @BeforeEach
  void openConnections() throws IOException {
    publisher = connect();
    publish();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(connect());
    }
  }

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    publisher.close();
    node.close();
  }

  @Test
  void aPublishIsNotBehindThoseWhoSpokeBeforeIt() throws Exception {
    for (Socket client : clients) {
      send(client, SUBSCRIBE);
    }
    long before = answered();
    publish();
    long meanwhile = answered() - before;

    assertTrue(
        meanwhile < CLIENTS / 6, meanwhile + " of " + CLIENTS + " were answered before a publish");
    Await.until("everybody is answered", () -> answered() == CLIENTS);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), node.uri().getPort());
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
  }

  /** Returns when it is answered. */
  private void publish() throws IOException {
    send(publisher, PUBLISH);
    byte[] status = publisher.getInputStream().readNBytes(12);
    assertEquals("HTTP/1.1 200", new String(status, ISO_8859_1));
    while (publisher.getInputStream().read() != '}') {}
  }

  private long answered() {
    return clients.stream().filter(StormTest::isAnswered).count();
  }

  private static boolean isAnswered(Socket client) {
    try {
      return client.getInputStream().available() > 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
