package dev.broadcast.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import dev.broadcast.testing.SseParser;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client nobody here wrote, and what it made of the stream. It reconnects by itself. */
final class ForeignClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** One event as that client gave it to its user; type {@code error} for what it complained of. */
  record Got(String type, String data, String id) {

    @Override
    public String toString() {
      String shown = data.length() <= 100 ? data : data.length() + " characters";
      return type + " " + id + " <" + shown + ">";
    }
  }

  private interface Running {
    void run() throws Exception;
  }

  private final List<Got> got = new ArrayList<>();
  private final List<Closeable> resources = new ArrayList<>();
  private boolean closed;

  private ForeignClient() {}

  /**
   * The program curl; it does not reconnect, so it is started again with the last id it printed.
   */
  static ForeignClient curl(URI url) {
    var client = new ForeignClient();
    client.spawn(
        () -> {
          String cursor = "";
          while (!client.isClosed()) {
            var command = new ArrayList<>(List.of("curl", "-sN", url.toString()));
            if (!cursor.isEmpty()) {
              command.addAll(List.of("-H", "Last-Event-ID: " + cursor));
            }
            cursor = client.readStream(client.start(command, Path.of(".")), cursor);
          }
        });
    return client;
  }

  /** A script that prints a JSON line for each event. */
  static ForeignClient node(Path directory, String script, URI url) {
    var client = new ForeignClient();
    client.spawn(
        () -> client.readLines(client.start(List.of("node", script, url.toString()), directory)));
    return client;
  }

  /** LaunchDarkly's okhttp-eventsource. */
  static ForeignClient okHttp(URI url) {
    var client = new ForeignClient();
    EventSource source =
        new EventSource.Builder(ConnectStrategy.http(url))
            .errorStrategy(ErrorStrategy.alwaysContinue())
            .retryDelay(100, TimeUnit.MILLISECONDS)
            .build();
    client.resources.add(source);
    client.spawn(
        () -> {
          for (MessageEvent event : source.messages()) {
            client.add(new Got(event.getEventName(), event.getData(), event.getLastEventId()));
          }
        });
    return client;
  }

  synchronized List<Got> got() {
    return List.copyOf(got);
  }

  /** The data of published events, in the order of arrival. */
  List<String> data() {
    return got().stream().filter(it -> it.type().equals("text")).map(Got::data).toList();
  }

  /** Waits until what it got satisfies {@code condition}. */
  synchronized void await(String what, Duration within, Predicate<List<Got>> condition) {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      while (!condition.test(got)) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("no " + what + " within " + within + "; it got " + got);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted waiting for " + what, e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    for (Closeable resource : resources) {
      resource.close();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void add(Got event) {
    got.add(event);
    notifyAll();
  }

  private synchronized InputStream start(List<String> command, Path directory) throws IOException {
    if (closed) {
      return InputStream.nullInputStream();
    }
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    resources.add(process::destroyForcibly);
    return process.getInputStream();
  }

  private String readStream(InputStream raw, String cursor) throws IOException {
    String[] last = {cursor};
    var parser =
        new SseParser(
            cursor,
            new SseParser.Sink() {
              @Override
              public void event(String type, String data, String id) {
                last[0] = id;
                add(new Got(type, data, id));
              }

              @Override
              public void idOnly(String id) {
                last[0] = id;
              }

              @Override
              public void comment(String text) {}

              @Override
              public void retry(long millis) {}
            });
    byte[] buffer = new byte[8192];
    for (int count = raw.read(buffer); count >= 0; count = raw.read(buffer)) {
      parser.feed(buffer, count);
    }
    return last[0];
  }

  private void readLines(InputStream raw) throws IOException {
    try (var lines = new BufferedReader(new InputStreamReader(raw, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = JSON.readTree(line);
        String error = event.path("error").asText();
        add(
            error.isEmpty()
                ? new Got(
                    event.path("type").asText(),
                    event.path("data").asText(),
                    event.path("id").asText())
                : new Got("error", error, ""));
      }
    }
  }

  private void spawn(Running task) {
    var thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                if (!isClosed()) {
                  add(new Got("error", e.toString(), ""));
                }
              }
            },
            "foreign-client");
    thread.setDaemon(true);
    thread.start();
  }
}
