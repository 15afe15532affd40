package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Carries out one {@link LoadPlan}: opens the streams, waits until they are quiet, publishes, waits
 * for what is missing, counts.
 *
 * <p>One thread and one selector for streams and publishers together. That is a measuring decision:
 * the client never needs more than the one processor that the benchmark gives it, and a server that
 * keeps publishers back to back is slowed by the client's reading, not flooded beyond it. Nothing
 * is allocated per message.
 */
public final class LoadClient implements Subscriber.Owner, Publisher.Owner {
  static final long LONGEST_LATENCY = TimeUnit.HOURS.toNanos(1);
  // A selector waits whole milliseconds; closer to a message's time than this it is asked without
  // waiting.
  private static final long SPIN = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long STALLED_OPEN = TimeUnit.SECONDS.toNanos(10);
  private static final int FILL_BYTES = 16 * 1024;
  private static final int FILL_MESSAGES = 250;
  private static final long STALLED_READ = TimeUnit.SECONDS.toNanos(5);

  private final LoadPlan plan;
  private final Usage.Probe server;
  private final Loop loop;
  private final int run = ThreadLocalRandom.current().nextInt();
  private final Stamp stamp = new Stamp();
  private final Histogram latency = new Histogram(LONGEST_LATENCY, 3);
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final List<StalledStream> stalled = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final ArrayDeque<Publisher> idle = new ArrayDeque<>();
  private final List<Exception> failures = new ArrayList<>();

  private int opened;
  private int publishersGone;
  private long now;
  private long messages;
  private long delivered;
  private long refused;
  private long lastSent;
  private long lastDelivery;

  private LoadClient(LoadPlan plan, Usage.Probe server, Loop loop) {
    this.plan = plan;
    this.server = server;
    this.loop = loop;
  }

  /**
   * Runs a plan and blocks until it is done.
   *
   * @throws IOException when the server cannot be reached or does not open the streams; what goes
   *     wrong later is counted
   */
  public static LoadResult run(LoadPlan plan, Usage.Probe server) throws IOException {
    try (Loop loop = new Loop()) {
      LoadClient client = new LoadClient(plan, server, loop);
      try {
        return client.run();
      } finally {
        client.subscribers.forEach(Subscriber::close);
        client.stalled.forEach(StalledStream::close);
        client.publishers.forEach(Publisher::close);
      }
    }
  }

  private LoadResult run() throws IOException {
    Usage before = server.read();
    long openingAt = System.nanoTime();
    openStreams();
    double connectSeconds = (System.nanoTime() - openingAt) / 1e9;
    loop.waitUntil(System.nanoTime() + plan.timing().settle().toNanos());
    for (int i = 0; i < plan.publishing().publishers(); i++) {
      Publisher publisher =
          new Publisher(
              this, plan.target(), plan.publishing(), plan.streams().topics(), loop, i, run);
      publishers.add(publisher);
      idle.add(publisher);
    }
    Usage connected = server.read();
    long clientCpu = ClientCpu.nanos();
    long start = System.nanoTime();
    Schedule schedule =
        new Schedule(plan.publishing().rate(), start, plan.timing().duration().toNanos());
    publish(schedule, start);
    long unsent = schedule.overdue(System.nanoTime());
    drain();
    long clientCpuUsed = ClientCpu.nanos() - clientCpu;
    Usage after = server.read();
    return result(before, connected, after, clientCpuUsed, connectSeconds, start, unsent);
  }

  private void openStreams() throws IOException {
    LoadPlan.Streams streams = plan.streams();
    for (int i = 0; i < streams.stalled(); i++) {
      stalled.add(new StalledStream(loop, plan.target(), Subscriber.request(streams.path(i), "")));
    }
    long limit = System.nanoTime() + STALLED_OPEN;
    while (!stalled.stream().allMatch(StalledStream::isOpened)) {
      loop.select(100);
      if (System.nanoTime() - limit > 0 || stalled.stream().anyMatch(StalledStream::isEnded)) {
        throw new IOException("a stream that is to stall could not be opened");
      }
    }
    if (streams.stalled() > 0) {
      fillStalled();
    }
    byte[][] requests = new byte[Math.max(1, streams.topics())][];
    for (int topic = 0; topic < requests.length; topic++) {
      requests[topic] = Subscriber.request(streams.path(topic), "");
    }
    Opener.open(
        loop,
        streams.connections(),
        Opener.AT_ONCE,
        number -> {
          SocketChannel channel = Sockets.connecting(plan.target());
          int topic = number % requests.length;
          Subscriber subscriber =
              new Subscriber(
                  this,
                  channel,
                  ByteBuffer.wrap(requests[topic]),
                  topic,
                  new DeliveryCheck(plan.publishing().publishers()));
          Sockets.watch(channel, loop.selector(), SelectionKey.OP_CONNECT, subscriber);
          subscribers.add(subscriber);
        },
        () -> opened,
        failures);
  }

  /**
   * Publishes until what the kernel holds for a stream that is not read is full. On loopback that
   * is some 2.5 MiB a stream; at the rate of the run it would take longer than the run.
   */
  private void fillStalled() throws IOException {
    LoadPlan.Publishing fill =
        new LoadPlan.Publishing(
            plan.publishing().path(), plan.publishing().format(), 1, 0, 1, FILL_BYTES);
    Publisher publisher = new Publisher(this, plan.target(), fill, 0, loop, 0, run + 1);
    for (int i = 0; i < FILL_MESSAGES; i++) {
      publisher.send(System.nanoTime(), 0);
      while (idle.isEmpty() && publishersGone == 0) {
        loop.select(100);
      }
      idle.clear();
    }
    publisher.close();
  }

  private void publish(Schedule schedule, long start) throws IOException {
    int batch = plan.publishing().batch();
    int topics = Math.max(1, plan.streams().topics());
    // A server too slow for the rate gets the drain time, too, to catch up; what is still unsent
    // then is counted.
    long giveUp = start + plan.timing().duration().plus(plan.timing().drain()).toNanos();
    long at = System.nanoTime();
    while (!schedule.over(at) && at - giveUp < 0 && publishersGone < publishers.size()) {
      long wait = schedule.nanosToNext(at);
      Publisher publisher = wait <= 0 ? idle.poll() : null;
      if (publisher != null) {
        int topic = (int) (messages / batch % topics);
        messages += batch;
        lastSent = at;
        publisher.send(schedule.take(at), topic);
      } else if (wait <= 0) {
        loop.select(10);
      } else {
        loop.select(wait > SPIN ? (wait - SPIN / 2) / 1_000_000 : 0);
      }
      at = System.nanoTime();
    }
  }

  private void drain() throws IOException {
    long drain = plan.timing().drain().toNanos();
    long until = System.nanoTime() + drain;
    while (System.nanoTime() - until < 0
        && (idle.size() + publishersGone < publishers.size()
            || delivered < messages * plan.streams().audience())) {
      loop.select(10);
    }
    // What comes twice comes after everything has come once.
    loop.waitUntil(System.nanoTime() + Math.min(drain, TimeUnit.MILLISECONDS.toNanos(200)));
  }

  /** Wakes the stalled streams and counts those that the server had given up. */
  private int givenUp() throws IOException {
    stalled.forEach(StalledStream::wake);
    long until = System.nanoTime() + STALLED_READ;
    while (!stalled.stream().allMatch(StalledStream::isEnded) && System.nanoTime() - until < 0) {
      loop.select(100);
    }
    return (int) stalled.stream().filter(StalledStream::isEnded).count();
  }

  @Override
  public void received() {
    now = System.nanoTime();
  }

  @Override
  public void event(Subscriber stream, String type, byte[] data, int length) {
    if (!stamp.read(data, length)
        || stamp.run() != run
        || stamp.publisher() >= plan.publishing().publishers()) {
      return;
    }
    latency.recordValue(Math.min(Math.max(0, now - stamp.dueNanos()), LONGEST_LATENCY));
    lastDelivery = now;
    if (stream.check().received(stamp.publisher(), stamp.sequence())) {
      delivered++;
    }
  }

  @Override
  public void opened(Subscriber stream) {
    opened++;
  }

  @Override
  public void ended(Subscriber stream, boolean wasOpen, Exception why) {
    if (!wasOpen) {
      failures.add(why);
    }
  }

  @Override
  public void answered(Publisher publisher, int status) {
    // 207 answers a batch of which something was refused.
    if (status < 200 || status > 299 || status == 207) {
      refused++;
    }
    idle.add(publisher);
  }

  @Override
  public void gone(boolean unanswered) {
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
      long unsent)
      throws IOException {
    Tally tally =
        Tally.of(
            subscribers,
            topic ->
                publishers.stream().mapToInt(publisher -> publisher.published(topic)).toArray());
    return new LoadResult(
        plan.streams().connections(),
        (int) subscribers.stream().filter(Subscriber::isOpen).count(),
        connectSeconds,
        messages,
        unsent,
        refused,
        delivered,
        tally.lost(),
        tally.duplicated(),
        tally.reordered(),
        tally.orders(),
        messages == 0 ? 0 : Math.max(1, lastSent - start) / 1e9,
        delivered == 0 ? 0 : Math.max(1, lastDelivery - start) / 1e9,
        Latency.of(latency),
        after.cpuNanos() - connected.cpuNanos(),
        clientCpu,
        connected.cpuNanos() - before.cpuNanos(),
        connected.rssBytes() - before.rssBytes(),
        after.rssBytes() - connected.rssBytes(),
        stalled.isEmpty() ? 0 : givenUp());
  }
}
