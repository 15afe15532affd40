package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams that are opened, held and closed, and whose events nobody looks at: what a connection
 * costs a server when nothing is said on it.
 */
public final class HeldStreams implements AutoCloseable, Subscriber.Owner {
  private final InetSocketAddress target;
  private final byte[] request;
  private final Loop loop = new Loop();
  private final List<Subscriber> streams = new ArrayList<>();
  private final List<Exception> failures = new ArrayList<>();
  private int opened;
  private int ended;

  /** Opens none yet; {@code path} is their request target. */
  public HeldStreams(InetSocketAddress target, String path) throws IOException {
    this.target = target;
    this.request = Subscriber.request(path, "");
  }

  /**
   * Opens that many more and waits until the head of each has come.
   *
   * @throws IOException when one is not opened, or not within a minute
   */
  public void open(int count) throws IOException {
    int before = opened;
    Opener.open(
        loop,
        count,
        Opener.AT_ONCE,
        number -> {
          SocketChannel channel = Sockets.connecting(target);
          Subscriber stream =
              new Subscriber(this, channel, ByteBuffer.wrap(request), 0, new DeliveryCheck(1));
          Sockets.watch(channel, loop.selector(), SelectionKey.OP_CONNECT, stream);
          streams.add(stream);
        },
        () -> opened - before,
        failures);
  }

  /** Reads what comes for so long. */
  public void hold(Duration time) throws IOException {
    loop.waitUntil(System.nanoTime() + time.toNanos());
  }

  /** Streams that the server ended. */
  public int ended() {
    return ended;
  }

  /** Closes those that are open; more can be opened then. */
  public void closeStreams() {
    streams.forEach(Subscriber::close);
    streams.clear();
  }

  @Override
  public void close() throws IOException {
    closeStreams();
    loop.close();
  }

  @Override
  public void opened(Subscriber stream) {
    opened++;
  }

  @Override
  public void event(Subscriber stream, String type, byte[] data, int length) {
    // Nobody looks at it.
  }

  @Override
  public void ended(Subscriber stream, boolean wasOpen, Exception why) {
    if (wasOpen) {
      ended++;
    } else {
      failures.add(why);
    }
  }
}
