package dev.broadcast.loadtest.server;

import dev.broadcast.loadtest.client.PublishFormat;
import dev.broadcast.loadtest.client.Usage;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A started server: where and how to talk to it, and what it uses. Closing it ends its processes.
 */
public final class RunningServer implements AutoCloseable {
  private final InetSocketAddress address;
  private final PublishFormat format;
  private final Child charged;
  private final List<Child> helpers;
  private final Optional<LiveHeap> heap;

  /** {@code helpers} are ended with it and not charged to it. */
  RunningServer(
      InetSocketAddress address, PublishFormat format, Child charged, List<Child> helpers) {
    this(address, format, charged, helpers, Optional.empty());
  }

  private RunningServer(
      InetSocketAddress address,
      PublishFormat format,
      Child charged,
      List<Child> helpers,
      Optional<LiveHeap> heap) {
    this.address = address;
    this.format = format;
    this.charged = charged;
    this.helpers = List.copyOf(helpers);
    this.heap = heap;
  }

  /** One that runs on the surroundings' {@code java} and takes messages as JSON. */
  static RunningServer onJava(
      Surroundings surroundings, InetSocketAddress address, Child charged, List<Child> helpers) {
    return new RunningServer(
        address,
        PublishFormat.JSON,
        charged,
        helpers,
        Optional.of(LiveHeap.of(surroundings.java())));
  }

  public InetSocketAddress address() {
    return address;
  }

  public PublishFormat format() {
    return format;
  }

  /**
   * Collects the server's garbage and says what its live objects weigh, in bytes; empty for a
   * server that is not written in Java. Takes a second or more, and CPU of the server's: not while
   * something is measured.
   */
  public OptionalLong liveHeapAfterGc() {
    return heap.map(live -> live.bytesAfterGc(charged.pid())).orElse(OptionalLong.empty());
  }

  /** What the server itself has used, without its helpers, and the memory it holds now. */
  public Usage usage() {
    return charged.usage();
  }

  /** What each of the processes it leans on has used, in the order in which they were started. */
  public List<Usage> helperUsage() {
    return helpers.stream().map(Child::usage).toList();
  }

  @Override
  public void close() {
    charged.close();
    helpers.forEach(Child::close);
  }
}
