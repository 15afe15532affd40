package dev.broadcast.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of a node as the suite's own tools need to be tried on, with a bug to choose: a tool that
 * finds none of them would find none in the product either.
 */
final class FakeNode implements AutoCloseable {

  /** What it does wrong, at every tenth message. */
  enum Bug {
    NONE,
    LOSES,
    DOUBLES,
    SWAPS,
    RESETS,
    RENAMES
  }

  static {
    // Else every small answer waits 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private record Stored(String topic, String type, String data) {}

  private final Bug bug;
  private final List<Stored> history = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private boolean closed;

  FakeNode(Bug bug) throws IOException {
    this.bug = bug;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext("/events", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    synchronized (history) {
      closed = true;
      history.notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("POST")) {
        byte[] answer = publish(JSON.readTree(exchange.getRequestBody()));
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      } else {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        listen(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] publish(JsonNode body) {
    var ids = new ArrayList<String>();
    synchronized (history) {
      for (JsonNode item : body.isArray() ? body : List.of(body)) {
        String type = item.path("type").asText("message");
        history.add(new Stored(item.path("topic").asText(), type, item.path("data").asText()));
        ids.add("{\"id\":\"m-" + history.size() + "\"}");
      }
      history.notifyAll();
    }
    String answer = body.isArray() ? "{\"results\":" + ids + "}" : ids.get(0);
    return answer.getBytes(StandardCharsets.UTF_8);
  }

  private void listen(HttpExchange exchange) throws IOException, InterruptedException {
    List<String> topics =
        Arrays.stream(exchange.getRequestURI().getQuery().split("&", -1))
            .map(parameter -> parameter.split("=", 2)[1])
            .toList();
    String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    OutputStream out = exchange.getResponseBody();
    int next = cursor == null ? size() : Integer.parseInt(cursor.substring(2));
    send(out, "connected", "{}", next);
    while (awaitMore(next)) {
      int step = bug == Bug.SWAPS && next % 10 == 8 && awaitMore(next + 1) ? 1 : 0;
      if (step == 1) {
        sendStored(out, topics, next + 1);
      }
      sendStored(out, topics, next);
      next += 1 + step;
    }
  }

  private void sendStored(OutputStream out, List<String> topics, int index) throws IOException {
    Stored message;
    synchronized (history) {
      message = history.get(index);
    }
    boolean tenth = index % 10 == 5;
    if (!topics.contains(message.topic()) || (tenth && bug == Bug.LOSES)) {
      return;
    }
    int id = tenth && bug == Bug.RENAMES ? 10_000 + index : index + 1;
    send(out, message.type(), message.data(), id);
    if (tenth && bug == Bug.DOUBLES) {
      send(out, message.type(), message.data(), id);
    }
    if (tenth && bug == Bug.RESETS) {
      send(out, "reset", "{}", id);
    }
  }

  private static void send(OutputStream out, String type, String data, int id) throws IOException {
    var block = new StringBuilder("event: " + type + "\nid: m-" + id + "\n");
    for (String line : data.split("\r\n|\r|\n", -1)) {
      block.append("data: ").append(line).append('\n');
    }
    out.write(block.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private int size() {
    synchronized (history) {
      return history.size();
    }
  }

  private boolean awaitMore(int index) throws InterruptedException {
    synchronized (history) {
      while (history.size() <= index && !closed) {
        history.wait();
      }
      return !closed;
    }
  }
}
