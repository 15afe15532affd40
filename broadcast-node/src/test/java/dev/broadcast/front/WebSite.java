package dev.broadcast.front;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program's own site with a node behind it, as browsers see it: its pages, the libraries they
 * load, and {@code /events}, passed on to the node. Any thread.
 */
final class WebSite implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "web-site");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI node;
  private final Path packages;
  private final Map<String, String> files = new ConcurrentHashMap<>();
  private final List<String> streams = new CopyOnWriteArrayList<>();
  private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private volatile int refusal;

  WebSite(URI node, Path packages) {
    this.node = node;
    this.packages = packages;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** The address of a path. */
  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Serves this at a path from now on. */
  URI put(String path, String content) {
    files.put(path, content);
    return at(path);
  }

  /** Answers streams with this status from now on; 0 passes them on again. */
  void refuseStreams(int status) {
    refusal = status;
  }

  /** Ends all streams that are open. */
  void cut() {
    for (InputStream stream : open) {
      try {
        stream.close();
      } catch (IOException e) {
        // It was on its way out anyway.
      }
    }
  }

  /** How many streams have begun to say something. */
  int opened() {
    return opened.get();
  }

  /** For which queries streams were asked for, with the cursor behind a blank. */
  List<String> streams() {
    return List.copyOf(streams);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/events")) {
        String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        streams.add(exchange.getRequestURI().getRawQuery() + " " + (cursor == null ? "" : cursor));
        if (refusal == 0) {
          stream(exchange, cursor);
        } else {
          exchange.sendResponseHeaders(refusal, -1);
        }
      } else if (files.containsKey(path)) {
        String type =
            path.endsWith(".json")
                ? "application/json"
                : path.endsWith(".sse") ? "text/event-stream" : "text/html; charset=utf-8";
        answer(exchange, type, files.get(path).getBytes(StandardCharsets.UTF_8));
      } else if (path.startsWith("/npm/")) {
        Path file = packages.resolve("node_modules").resolve(path.substring("/npm/".length()));
        answer(exchange, "text/javascript", Files.readAllBytes(file));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void stream(HttpExchange exchange, String cursor) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(node.resolve("/events?" + exchange.getRequestURI().getRawQuery()))
            .header("Accept", "text/event-stream");
    if (cursor != null) {
      request.header("Last-Event-ID", cursor);
    }
    try {
      HttpResponse<InputStream> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      exchange
          .getResponseHeaders()
          .set("Content-Type", answer.headers().firstValue("Content-Type").orElse(""));
      exchange.sendResponseHeaders(answer.statusCode(), 0);
      pass(answer.body(), exchange.getResponseBody());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(InputStream in, OutputStream out) throws IOException {
    open.add(in);
    boolean first = true;
    try (in) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
        opened.addAndGet(first ? 1 : 0);
        first = false;
      }
    } finally {
      open.remove(in);
    }
  }

  @Override
  public void close() {
    cut();
    server.stop(0);
    threads.shutdownNow();
  }
}
