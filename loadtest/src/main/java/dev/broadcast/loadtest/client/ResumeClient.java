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
  private static final int LIVE_EVERY_MICROS = 300;
  private static final long DRAIN = TimeUnit.SECONDS.toNanos(10);

  private final ResumePlan plan;
  private final Usage.Probe server;
  private final Loop live = new Loop();
  private final Loop storm = new Loop(this::serveLive);
  private final int run = ThreadLocalRandom.current().nextInt();
  private final Stamp stamp = new Stamp();
  private final Histogram before = new Histogram(LoadClient.LONGEST_LATENCY, 3);
  private final Histogram during = new Histogram(LoadClient.LONGEST_LATENCY, 3);
  private final Histogram after = new Histogram(LoadClient.LONGEST_LATENCY, 3);
  private final List<Subscriber> streams = new ArrayList<>();
  private final List<Exception> failures = new ArrayList<>();
  private final List<String> ids = new ArrayList<>();
  private final Publisher publisher;

  private Schedule schedule;
  private boolean answered = true;
  private int opened;
  private long now;
  private long lastLive;
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
    // Back to back until there is a history to come back to.
    this.schedule = new Schedule(0, System.nanoTime(), Long.MAX_VALUE / 2);
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
    Opener.open(
        live,
        plan.live(),
        Opener.AT_ONCE,
        number -> begin(live, request, LIVE, 0),
        () -> opened,
        failures);
    while (published < plan.behind() + 10 || ids.size() < published) {
      if (published < plan.behind() + 10) {
        publishDue();
      }
      live.select(1);
    }

    before.reset();
    long calmStart = System.nanoTime();
    schedule = new Schedule(plan.rate(), calmStart, Long.MAX_VALUE / 2);
    serveLiveUntil(calmStart + plan.calm().toNanos());

    toCatchUp = published;
    if (ids.size() < toCatchUp || ids.get(toCatchUp - 1 - plan.behind()).isEmpty()) {
      throw new IOException("the server's events have no ids to come back with");
    }
    int start = toCatchUp - plan.behind();
    long cpuBefore = server.read().cpuNanos();
    stormStart = System.nanoTime();
    byte[] resume = Subscriber.request(plan.path(), ids.get(start - 1));
    for (int i = 0; i < plan.resuming(); i++) {
      begin(storm, resume, RESUMED, start);
      serveLive();
    }
    long limit = stormStart + plan.limit().toNanos();
    while (caughtUp < plan.resuming() && System.nanoTime() - limit < 0) {
      storm.select(1);
      serveLive();
    }
    stormEnd = System.nanoTime();
    long stormCpu = server.read().cpuNanos() - cpuBefore;

    serveBothUntil(System.nanoTime() + plan.calm().toNanos());
    long drained = System.nanoTime() + DRAIN;
    while (System.nanoTime() - drained < 0 && !complete()) {
      live.select(0);
      storm.select(1);
    }
    return result((stormEnd - stormStart) / 1e9, stormCpu);
  }

  private void begin(Loop loop, byte[] request, int group, int startAfter) throws IOException {
    SocketChannel channel = Sockets.connecting(plan.target());
    DeliveryCheck check = new DeliveryCheck(1);
    check.startAfter(0, startAfter);
    Subscriber stream = new Subscriber(this, channel, ByteBuffer.wrap(request), group, check);
    Sockets.watch(channel, loop.selector(), SelectionKey.OP_CONNECT, stream);
    streams.add(stream);
  }

  private void serveLiveUntil(long time) throws IOException {
    while (System.nanoTime() - time < 0) {
      publishDue();
      live.select(schedule.nanosToNext(System.nanoTime()) > 2_000_000 ? 1 : 0);
    }
  }

  private void serveBothUntil(long time) throws IOException {
    while (System.nanoTime() - time < 0) {
      publishDue();
      live.select(0);
      storm.select(0);
    }
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
        && streams.stream().allMatch(stream -> stream.check().lost(new int[] {published}) == 0);
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
    boolean first = stream.check().received(0, stamp.sequence());
    if (stream.group() == RESUMED) {
      if (first && stamp.sequence() == toCatchUp) {
        caughtUp++;
      }
      return;
    }
    if (stream == streams.get(0)) {
      ids.add(stream.lastEventId());
    }
    phase(stamp.dueNanos())
        .recordValue(Math.min(Math.max(0, now - stamp.dueNanos()), LoadClient.LONGEST_LATENCY));
  }

  private Histogram phase(long due) {
    return due < stormStart ? before : due < stormEnd ? during : after;
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
    Tally tally = Tally.of(streams, group -> new int[] {published});
    int notCaughtUp = plan.resuming() - caughtUp;
    return new ResumeResult(
        Latency.of(before),
        Latency.of(during),
        Latency.of(after),
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
