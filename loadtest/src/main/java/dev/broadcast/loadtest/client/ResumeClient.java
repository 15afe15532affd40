package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one {@link ResumePlan}.
 *
 * <p>Two loops on one thread: after every socket of the storm, when the last time is {@value
 * #LIVE_EVERY_MICROS} µs ago, the live streams and the publisher are served. Otherwise the client's
 * own reading of the storm would be measured as the server's lateness.
 */
public final class ResumeClient implements Subscriber.Owner, Publisher.Owner {
  private static final int LIVE = 0;
  private static final int RESUMED = 1;
  private static final int CROWD = 2;
  private static final long SETTLE = TimeUnit.SECONDS.toNanos(1);
  private static final int LIVE_EVERY_MICROS = 300;
  private static final Schedule NOTHING_MORE = new Schedule(1e-9, Long.MAX_VALUE / 2, 1);
  private static final long DRAIN = TimeUnit.SECONDS.toNanos(10);

  private final ResumePlan plan;
  private final Usage.Probe server;
  private final Loop live = new Loop();
  private final Loop storm = new Loop(this::serveLive);
  private final int run = ThreadLocalRandom.current().nextInt();
  private final Stamp stamp = new Stamp();
  private final Histogram before = new Histogram(LoadClient.LONGEST_LATENCY, 3);
  private final Histogram during = new Histogram(LoadClient.LONGEST_LATENCY, 3);
  private final List<Subscriber> streams = new ArrayList<>();
  private final List<Exception> failures = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final Publisher publisher;

  private Schedule schedule;
  private boolean answered = true;
  private int opened;
  private long now;
  private long lastLive;
  private long beforeStart = Long.MAX_VALUE;
  private long beforeEnd = Long.MAX_VALUE;
  private long stormStart = Long.MAX_VALUE;
  private long stormEnd = Long.MAX_VALUE;
  private int published;
  private int toCatchUp;
  private int caughtUp;
  private long resets;
  private long refused;
  private long ended;

  private ResumeClient(ResumePlan plan, Usage.Probe server) throws IOException {
    this.plan = plan;
    this.server = server;
    this.schedule = NOTHING_MORE;
    this.publisher =
        new Publisher(
            this,
            plan.target(),
            new LoadPlan.Publishing(plan.path(), plan.format(), 1, 0, 1, plan.messageBytes()),
            0,
            live,
            0,
            run);
  }

  /**
   * Runs a plan and blocks until it is done.
   *
   * @throws IOException when the server cannot be reached or names no ids to come back with
   */
  public static ResumeResult run(ResumePlan plan, Usage.Probe server) throws IOException {
    ResumeClient client = new ResumeClient(plan, server);
    try {
      return client.run();
    } finally {
      client.streams.forEach(Subscriber::close);
      client.publisher.close();
      client.live.close();
      client.storm.close();
    }
  }

  private ResumeResult run() throws IOException {
    byte[] request = Subscriber.request(plan.path(), "");
    open(storm, plan.resuming(), request, CROWD);
    open(live, plan.live(), request, LIVE);

    schedule = new Schedule(plan.rate(), System.nanoTime(), Long.MAX_VALUE / 2);
    serveUntil(System.nanoTime() + SETTLE);
    beforeStart = System.nanoTime();
    serveUntil(beforeStart + plan.calm().toNanos());
    beforeEnd = System.nanoTime();
    serveUntil(beforeEnd + SETTLE);

    streams.stream().filter(stream -> stream.group() == CROWD).forEach(Subscriber::close);
    serveUntil(System.nanoTime() + SETTLE);
    schedule = new Schedule(0, System.nanoTime(), Long.MAX_VALUE / 2);
    int missed = published + plan.behind();
    while (published < missed) {
      publishDue();
      live.select(1);
    }
    schedule = new Schedule(plan.rate(), System.nanoTime(), Long.MAX_VALUE / 2);
    serveUntil(System.nanoTime() + SETTLE);

    long stormCpu = storm();
    serveUntil(System.nanoTime() + SETTLE);
    schedule = NOTHING_MORE;
    long drained = System.nanoTime() + DRAIN;
    while (System.nanoTime() - drained < 0 && !complete()) {
      serveUntil(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50));
    }
    return result((stormEnd - stormStart) / 1e9, stormCpu);
  }

  /** Everybody comes back; returns the CPU that the server used until all had caught up. */
  private long storm() throws IOException {
    toCatchUp = ids.size();
    int start = toCatchUp - plan.behind();
    if (start < 1 || ids.get(start - 1).isEmpty()) {
      throw new IOException("the server's events have no ids to come back with");
    }
    long cpuBefore = server.read().cpuNanos();
    stormStart = System.nanoTime();
    byte[] resume = Subscriber.request(plan.path(), ids.get(start - 1));
    for (int i = 0; i < plan.resuming(); i++) {
      begin(storm, resume, RESUMED, start);
      serveLive();
    }
    long limit = stormStart + plan.limit().toNanos();
    while (caughtUp < plan.resuming() && System.nanoTime() - limit < 0) {
      serve();
    }
    stormEnd = System.nanoTime();
    return server.read().cpuNanos() - cpuBefore;
  }

  private void open(Loop loop, int count, byte[] request, int group) throws IOException {
    int before = opened;
    Opener.open(
        loop,
        count,
        Opener.AT_ONCE,
        number -> begin(loop, request, group, 0),
        () -> opened - before,
        failures);
  }

  private void begin(Loop loop, byte[] request, int group, int startAfter) throws IOException {
    SocketChannel channel = Sockets.connecting(plan.target());
    DeliveryCheck check = new DeliveryCheck(1);
    check.startAfter(0, startAfter);
    Subscriber stream = new Subscriber(this, channel, ByteBuffer.wrap(request), group, check);
    Sockets.watch(channel, loop.selector(), SelectionKey.OP_CONNECT, stream);
    streams.add(stream);
  }

  private void serveUntil(long time) throws IOException {
    while (System.nanoTime() - time < 0) {
      serve();
    }
  }

  /** What is ready on both loops, or a millisecond's wait. */
  private void serve() throws IOException {
    publishDue();
    boolean busy = storm.select(0) > 0;
    boolean soon = schedule.nanosToNext(System.nanoTime()) < 2_000_000;
    live.select(busy || (soon && answered) ? 0 : 1);
  }

  private void serveLive() {
    long at = System.nanoTime();
    if (at - lastLive < TimeUnit.MICROSECONDS.toNanos(LIVE_EVERY_MICROS)) {
      return;
    }
    lastLive = at;
    try {
      publishDue();
      live.select(0);
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private void publishDue() throws IOException {
    long at = System.nanoTime();
    if (answered && schedule.nanosToNext(at) <= 0) {
      answered = false;
      published++;
      publisher.send(schedule.take(at), 0);
    }
  }

  private boolean complete() {
    return answered
        && judged().stream().allMatch(stream -> stream.check().lost(new int[] {published}) == 0);
  }

  /** The crowd of before was cut off: what it misses is no fault. */
  private List<Subscriber> judged() {
    return streams.stream().filter(stream -> stream.group() != CROWD).toList();
  }

  @Override
  public void received() {
    now = System.nanoTime();
  }

  @Override
  public void event(Subscriber stream, String type, byte[] data, int length) {
    if (type.equals("reset")) {
      resets++;
    }
    if (!stamp.read(data, length) || stamp.run() != run) {
      return;
    }
    if (stream.group() == CROWD) {
      record(phase(stamp.dueNanos()));
      return;
    }
    boolean first = stream.check().received(0, stamp.sequence());
    if (stream.group() == RESUMED) {
      if (first && stamp.sequence() == toCatchUp) {
        caughtUp++;
      }
      return;
    }
    if (stream == streams.get(plan.resuming())) {
      ids.add(stream.lastEventId());
    }
    record(phase(stamp.dueNanos()));
  }

  private void record(@Nullable Histogram phase) {
    if (phase != null) {
      phase.recordValue(Math.min(Math.max(0, now - stamp.dueNanos()), LoadClient.LONGEST_LATENCY));
    }
  }

  private @Nullable Histogram phase(long due) {
    if (due >= beforeStart && due < beforeEnd) {
      return before;
    }
    return due >= stormStart && due < stormEnd ? during : null;
  }

  @Override
  public void opened(Subscriber stream) {
    opened++;
  }

  @Override
  public void ended(Subscriber stream, boolean wasOpen, Exception why) {
    ended++;
    if (stream.group() == LIVE && !wasOpen) {
      failures.add(why);
    }
  }

  @Override
  public void answered(Publisher from, int status) {
    answered = true;
    if (status < 200 || status > 299) {
      refused++;
    }
  }

  @Override
  public void gone(boolean unanswered) {
    refused++;
  }

  private ResumeResult result(double stormSeconds, long stormCpu) {
    Tally tally = Tally.of(judged(), group -> new int[] {published});
    int notCaughtUp = plan.resuming() - caughtUp;
    return new ResumeResult(
        Latency.of(before),
        Latency.of(during),
        notCaughtUp == 0 ? stormSeconds : 0,
        (long) plan.behind() * plan.resuming(),
        stormCpu,
        tally.lost(),
        tally.duplicated(),
        tally.reordered(),
        resets,
        refused,
        ended,
        notCaughtUp);
  }
}
