package dev.broadcast.loadtest.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.loadtest.client.SseReader;
import dev.broadcast.loadtest.faults.Seen.What;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An {@code EventSource} behind a pretended balancer: it keeps the last event id, and when its
 * stream ends or is silent for long it goes to the next node. It ends for good at any answer that
 * ends an {@code EventSource}. A thread of its own reads; everything else is for any thread.
 */
final class StreamClient implements Closeable {
  /** Without a byte for that long (heartbeats come each second) it gives a stream up. */
  static final int SILENCE_MILLIS = 4_000;

  /** How long it waits before it comes back, as long as no {@code retry} says otherwise. */
  static final int RETRY_MILLIS = 250;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How fast it reads. */
  private enum Pace {
    FULL,
    DRIP,
    STALLED
  }

  /**
   * What it asks for.
   *
   * @param type which alone it wants, empty for all
   * @param target which target's alone, empty for all
   * @param wholeMessage whether with {@code format=message}
   * @param receiveBuffer its socket's, 0 as the system likes
   */
  record Plan(
      String name,
      Set<String> topics,
      String type,
      String target,
      boolean wholeMessage,
      int receiveBuffer) {

    boolean wants(Sent sent) {
      return topics.contains(sent.topic)
          && (type.isEmpty() || type.equals(sent.type))
          && (target.isEmpty() || sent.targets.isEmpty() || sent.targets.contains(target));
    }

    /** Whether it gets all of its topics' messages, so that its silence tells something. */
    boolean unfiltered() {
      return type.isEmpty() && target.isEmpty();
    }

    private String path() {
      StringBuilder path = new StringBuilder("/events?");
      topics.forEach(topic -> path.append("topic=").append(topic).append('&'));
      path.append(type.isEmpty() ? "" : "type=" + type + "&");
      path.append(target.isEmpty() ? "" : "target=" + target + "&");
      return path.append(wholeMessage ? "format=message" : "format=data").toString();
    }
  }

  private final Plan plan;
  private final List<InetSocketAddress> nodes;
  private final Random random;
  private final int home;
  private volatile boolean goingHome;
  private volatile int node;
  private List<Seen> seen = new ArrayList<>();
  private final Set<String> got = new HashSet<>();
  private volatile Pace pace = Pace.FULL;
  private volatile boolean afflicted;
  private volatile boolean closed;
  private volatile @Nullable HttpConnection connection;
  private volatile String lastEventId = "";
  private volatile boolean connected;
  private int connections;
  private long retryMillis = RETRY_MILLIS;

  StreamClient(Plan plan, List<InetSocketAddress> nodes, int first) {
    this.plan = plan;
    this.nodes = nodes;
    this.home = first % nodes.size();
    this.node = home;
    this.random = new Random(first);
    Thread thread = new Thread(this::run, plan.name());
    thread.setDaemon(true);
    thread.start();
  }

  Plan plan() {
    return plan;
  }

  boolean connected() {
    return connected;
  }

  /** What it saw since that was last forgotten. */
  synchronized List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** How many different messages it got since then. */
  synchronized int distinct() {
    return got.size();
  }

  synchronized boolean got(String data) {
    return got.contains(data);
  }

  synchronized void nextStep() {
    seen = new ArrayList<>();
    got.clear();
    afflicted = false;
  }

  /** Whether it was made slow in this step, so that its silence is its own. */
  boolean afflicted() {
    return afflicted;
  }

  void stall() {
    afflicted = true;
    pace = Pace.STALLED;
  }

  void drip() {
    afflicted = true;
    pace = Pace.DRIP;
  }

  void flow() {
    pace = Pace.FULL;
  }

  /** Breaks its connection with RST; it comes back at the next node. */
  void cut() {
    HttpConnection open = connection;
    if (open != null) {
      open.reset();
    }
  }

  /** Goes back to where it began, so that each node has its share of clients; soon connected. */
  void goHome() {
    if (node != home) {
      goingHome = true;
      connected = false;
      cut();
    }
  }

  @Override
  public void close() {
    closed = true;
    flow();
    cut();
  }

  private void run() {
    try {
      while (!closed && connect()) {
        Thread.sleep(retryMillis);
        retryMillis = RETRY_MILLIS;
        node = goingHome ? home : Balancing.another(node, nodes.size(), random);
        goingHome = false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection from beginning to end; whether to come back. */
  private boolean connect() throws InterruptedException {
    connections++;
    try (HttpConnection opened =
        new HttpConnection(nodes.get(node), plan.receiveBuffer(), SILENCE_MILLIS)) {
      connection = opened;
      Map<String, String> headers = new HashMap<>(Map.of("Accept", "text/event-stream"));
      String cursor = lastEventId;
      if (!cursor.isEmpty()) {
        headers.put("Last-Event-ID", cursor);
      }
      HttpConnection.Answer answer = opened.ask("GET", plan.path(), headers, new byte[0]);
      String type = answer.headers().getOrDefault("content-type", "");
      if (answer.status() != 200 || !type.startsWith("text/event-stream")) {
        note(What.GIVEN_UP, "node " + (node + 1) + " answered " + answer.status(), "");
        return false;
      }
      note(What.OPENED, "node " + (node + 1) + " after " + cursor, "");
      read(answer.body());
      note(What.ENDED, "the end", "");
    } catch (IOException e) {
      note(What.ENDED, "node " + (node + 1) + ": " + e, "");
    } finally {
      connected = false;
      connection = null;
    }
    return true;
  }

  private void read(InputStream body) throws IOException, InterruptedException {
    Blocks blocks = new Blocks();
    SseReader reader = new SseReader(blocks);
    blocks.reader = reader;
    byte[] buffer = new byte[16_384];
    while (!closed) {
      while (pace == Pace.STALLED) {
        Thread.sleep(20);
      }
      int count = body.read(buffer, 0, pace == Pace.DRIP ? 1 : buffer.length);
      if (count < 0) {
        return;
      }
      reader.read(buffer, 0, count);
      String id = reader.lastEventId();
      if (!id.isEmpty()) {
        lastEventId = id;
      }
      for (int i = 0; i < 50 && pace == Pace.DRIP; i++) {
        Thread.sleep(20);
      }
    }
  }

  private void note(What what, String data, String type) {
    note(what, data, type, 0);
  }

  private synchronized void note(What what, String data, String type, long stored) {
    seen.add(new Seen(what, connections, System.nanoTime(), data, type, lastEventId, stored));
    if (what == What.MESSAGE) {
      got.add(data);
    }
  }

  /** Takes the stream's blocks. */
  private final class Blocks implements SseReader.Listener {
    @Nullable SseReader reader;

    @Override
    public void event(String type, byte[] bytes, int length) {
      SseReader from = reader;
      if (from != null && !from.lastEventId().isEmpty()) {
        lastEventId = from.lastEventId();
      }
      String data = new String(bytes, 0, length, UTF_8);
      switch (type) {
        case "connected" -> {
          note(What.CONNECTED, data, type);
          connected = true;
        }
        case "reset" -> note(What.RESET, data, type);
        case "closing" -> note(What.CLOSING, data, type);
        default -> {
          if (plan.wholeMessage()) {
            whole(data, type);
          } else {
            note(What.MESSAGE, data, type);
          }
        }
      }
    }

    private void whole(String message, String type) {
      try {
        JsonNode json = JSON.readTree(message);
        Instant stored = Instant.parse(json.path("timestamp").asText());
        note(What.MESSAGE, json.path("data").asText(), type, stored.toEpochMilli());
      } catch (IOException | DateTimeParseException e) {
        note(What.MESSAGE, message, type);
      }
    }

    @Override
    public void comment() {}

    @Override
    public void retry(long millis) {
      retryMillis = millis;
    }
  }
}
