package dev.broadcast.loadtest.server;

import dev.broadcast.loadtest.client.PublishFormat;
import dev.broadcast.loadtest.client.Usage;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A started server: where and how to talk to it, and what it uses. Closing it ends its processes.
 */
public final class RunningServer implements AutoCloseable {
  private final InetSocketAddress address;
  private final PublishFormat format;
  private final Child charged;
  private final List<Child> helpers;

  /** {@code helpers} are ended with it and not charged to it. */
  RunningServer(
      InetSocketAddress address, PublishFormat format, Child charged, List<Child> helpers) {
    this.address = address;
    this.format = format;
    this.charged = charged;
    this.helpers = List.copyOf(helpers);
  }

  public InetSocketAddress address() {
    return address;
  }

  public PublishFormat format() {
    return format;
  }

  /** What the server itself has used, without its helpers. */
  public Usage usage() {
    return charged.usage();
  }

  @Override
  public void close() {
    charged.close();
    helpers.forEach(Child::close);
  }
}
