package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one {@link LoadPlan}: opens the streams, waits until they are quiet, publishes, waits
 * for what is missing, counts.
 *
 * <p>One thread and one selector for streams and publishers together. That is a measuring decision:
 * the client never needs more than the one processor that the benchmark gives it, and a server that
 * keeps publishers back to back is slowed by the client's reading, not flooded beyond it. Nothing
 * is allocated per message.
 */
public final class LoadClient {
  private static final int OPENING_AT_ONCE = 128;
  private static final long OPEN_LIMIT = TimeUnit.SECONDS.toNanos(60);
  private static final long LONGEST_LATENCY = TimeUnit.HOURS.toNanos(1);
  // A selector waits whole milliseconds; closer to a message's time than this it is asked without
  // waiting.
  private static final long SPIN = TimeUnit.MILLISECONDS.toNanos(2);

  private final LoadPlan plan;
  private final Usage.Probe server;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
  private final int run = ThreadLocalRandom.current().nextInt();
  private final Stamp stamp = new Stamp();
  private final Histogram latency = new Histogram(LONGEST_LATENCY, 3);
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final ArrayDeque<Publisher> idle = new ArrayDeque<>();

  private int opened;
  private @Nullable Exception failure;
  private int publishersGone;
  private long now;
  private long messages;
  private long delivered;
  private long refused;
  private long lastSent;
  private long lastDelivery;

  private LoadClient(LoadPlan plan, Usage.Probe server, Selector selector) {
    this.plan = plan;
    this.server = server;
    this.selector = selector;
  }

  /**
   * Runs a plan and blocks until it is done.
   *
   * @throws IOException when the server cannot be reached or does not open the streams; what goes
   *     wrong later is counted
   */
  public static LoadResult run(LoadPlan plan, Usage.Probe server) throws IOException {
    try (Selector selector = Selector.open()) {
      LoadClient client = new LoadClient(plan, server, selector);
      try {
        return client.run();
      } finally {
        client.subscribers.forEach(Subscriber::close);
        client.publishers.forEach(Publisher::close);
      }
    }
  }

  private LoadResult run() throws IOException {
    Usage before = server.read();
    long openingAt = System.nanoTime();
    openStreams(openingAt);
    double connectSeconds = (System.nanoTime() - openingAt) / 1e9;
    waitUntil(System.nanoTime() + plan.settle().toNanos());
    for (int i = 0; i < plan.publishers(); i++) {
      Publisher publisher = new Publisher(this, plan, selector, i, run);
      publishers.add(publisher);
      idle.add(publisher);
    }
    Usage connected = server.read();
    long clientCpu = clientCpuNanos();
    long start = System.nanoTime();
    Schedule schedule = new Schedule(plan.rate(), start, plan.duration().toNanos());
    publish(schedule, start);
    long unsent = schedule.overdue(System.nanoTime());
    drain();
    long clientCpuUsed = clientCpuNanos() - clientCpu;
    Usage after = server.read();
    return result(before, connected, after, clientCpuUsed, connectSeconds, start, unsent);
  }

  private void openStreams(long since) throws IOException {
    byte[] request =
        ("GET "
                + plan.streamPath()
                + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
            .getBytes(US_ASCII);
    while (opened < plan.connections()) {
      while (subscribers.size() < plan.connections()
          && subscribers.size() - opened < OPENING_AT_ONCE) {
        SocketChannel channel = Sockets.connecting(plan.target());
        Subscriber subscriber =
            new Subscriber(this, channel, ByteBuffer.wrap(request), plan.publishers());
        Sockets.watch(channel, selector, SelectionKey.OP_CONNECT, subscriber);
        subscribers.add(subscriber);
      }
      select(100);
      if (failure != null) {
        throw new IOException("a stream could not be opened: " + failure.getMessage(), failure);
      }
      if (System.nanoTime() - since > OPEN_LIMIT) {
        throw new IOException(
            "only " + opened + " of " + plan.connections() + " streams opened within 60 s");
      }
    }
  }

  private void publish(Schedule schedule, long start) throws IOException {
    // A server too slow for the rate gets the drain time, too, to catch up; what is still unsent
    // then is counted.
    long giveUp = start + plan.duration().plus(plan.drain()).toNanos();
    long at = System.nanoTime();
    while (!schedule.over(at) && at - giveUp < 0 && publishersGone < publishers.size()) {
      long wait = schedule.nanosToNext(at);
      Publisher publisher = wait <= 0 ? idle.poll() : null;
      if (publisher != null) {
        messages++;
        lastSent = at;
        publisher.send(schedule.take(at));
      } else if (wait <= 0) {
        select(10);
      } else {
        select(wait > SPIN ? (wait - SPIN / 2) / 1_000_000 : 0);
      }
      at = System.nanoTime();
    }
  }

  private void drain() throws IOException {
    long until = System.nanoTime() + plan.drain().toNanos();
    while (System.nanoTime() - until < 0
        && (idle.size() + publishersGone < publishers.size()
            || delivered < messages * plan.connections())) {
      select(10);
    }
    // What comes twice comes after everything has come once.
    waitUntil(
        System.nanoTime() + Math.min(plan.drain().toNanos(), TimeUnit.MILLISECONDS.toNanos(200)));
  }

  private void waitUntil(long time) throws IOException {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      select(left / 1_000_000 + 1);
    }
  }

  private void select(long millis) throws IOException {
    if (millis == 0) {
      selector.selectNow(this::ready);
    } else {
      selector.select(this::ready, millis);
    }
  }

  private void ready(SelectionKey key) {
    Peer peer = (Peer) key.attachment();
    try {
      peer.ready(key, buffer);
    } catch (IOException | ProtocolException e) {
      peer.broken(e);
    }
  }

  /** A stream's bytes were just read: what they hold has arrived now. */
  void received() {
    now = System.nanoTime();
  }

  /**
   * The stamp of a message of this run, its latency counted; null for anything else. Valid until
   * the next call.
   */
  @Nullable Stamp stampOf(byte[] data, int length) {
    if (!stamp.read(data, length) || stamp.run() != run || stamp.publisher() >= plan.publishers()) {
      return null;
    }
    latency.recordValue(Math.min(Math.max(0, now - stamp.dueNanos()), LONGEST_LATENCY));
    lastDelivery = now;
    return stamp;
  }

  void streamOpened() {
    opened++;
  }

  void streamEnded(boolean wasOpen, Exception why) {
    if (!wasOpen) {
      failure = why;
    }
  }

  void delivered() {
    delivered++;
  }

  /** A publish was answered, or with status 0 will not be. */
  void publishAnswered(Publisher publisher, int status) {
    if (status < 200 || status > 299) {
      refused++;
    }
    idle.add(publisher);
  }

  /** The server takes no connections any more. */
  void publisherGone(boolean unanswered) {
    publishersGone++;
    if (unanswered) {
      refused++;
    }
  }

  private LoadResult result(
      Usage before,
      Usage connected,
      Usage after,
      long clientCpu,
      double connectSeconds,
      long start,
      long unsent) {
    int[] published = publishers.stream().mapToInt(Publisher::published).toArray();
    List<DeliveryCheck> checks = subscribers.stream().map(Subscriber::check).toList();
    return new LoadResult(
        plan.connections(),
        (int) subscribers.stream().filter(Subscriber::isOpen).count(),
        connectSeconds,
        messages,
        unsent,
        refused,
        delivered,
        checks.stream().mapToLong(check -> check.lost(published)).sum(),
        checks.stream().mapToLong(DeliveryCheck::duplicated).sum(),
        checks.stream().mapToLong(DeliveryCheck::reordered).sum(),
        (int) checks.stream().mapToLong(DeliveryCheck::order).distinct().count(),
        messages == 0 ? 0 : Math.max(1, lastSent - start) / 1e9,
        delivered == 0 ? 0 : Math.max(1, lastDelivery - start) / 1e9,
        LoadResult.Latency.of(latency),
        after.cpuNanos() - connected.cpuNanos(),
        clientCpu,
        connected.cpuNanos() - before.cpuNanos(),
        connected.rssBytes() - before.rssBytes());
  }

  private static long clientCpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
