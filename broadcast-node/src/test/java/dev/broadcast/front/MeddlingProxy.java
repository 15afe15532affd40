package dev.broadcast.front;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy that does to event streams what proxies do that were not told of them; all else it passes
 * on as it comes. Any thread.
 */
final class MeddlingProxy implements AutoCloseable {
  /** What it does to an answer from its head on. */
  enum Habit {
    /** Waits for the end of it. */
    HOLDS,
    /** Collects it and passes on what it has every two seconds. */
    COLLECTS,
    /** Ends it when it is silent for a second. */
    CUTS
  }

  private static final long COLLECTING_NANOS = 2_000_000_000L;
  private static final int GRAIN_MILLIS = 50;
  private static final int SILENCE_MILLIS = 1000;

  private final ServerSocket server;
  private final URI node;
  private final Habit habit;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  MeddlingProxy(URI node, Habit habit) {
    this.node = node;
    this.habit = habit;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  private static void thread(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException e) {
                // One side has gone; the other one is closed with it.
              }
            },
            "meddling-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private interface Step {
    void run() throws IOException;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      Socket upstream = new Socket(node.getHost(), node.getPort());
      open.add(client);
      open.add(upstream);
      thread(() -> pass(client, upstream));
      thread(() -> answer(upstream, client));
    }
  }

  private static void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  private void answer(Socket upstream, Socket client) throws IOException {
    try (upstream;
        client) {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        String text = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
        if (text.toLowerCase(java.util.Locale.ROOT).contains("content-type: text/event-stream")) {
          ByteArrayOutputStream held = new ByteArrayOutputStream();
          held.write(buffer, 0, n);
          meddle(upstream, held, out);
          return;
        }
        out.write(buffer, 0, n);
      }
    }
  }

  private void meddle(Socket upstream, ByteArrayOutputStream held, OutputStream out)
      throws IOException {
    if (habit == Habit.HOLDS) {
      upstream.getInputStream().transferTo(held);
      held.writeTo(out);
      return;
    }
    byte[] buffer = new byte[64 << 10];
    upstream.setSoTimeout(habit == Habit.CUTS ? SILENCE_MILLIS : GRAIN_MILLIS);
    long passed = System.nanoTime();
    for (int n = 0; n >= 0; ) {
      if (habit == Habit.CUTS || System.nanoTime() - passed > COLLECTING_NANOS) {
        held.writeTo(out);
        held.reset();
        passed = System.nanoTime();
      }
      try {
        n = upstream.getInputStream().read(buffer);
        held.write(buffer, 0, Math.max(0, n));
      } catch (SocketTimeoutException e) {
        if (habit == Habit.CUTS) {
          return;
        }
      }
    }
    held.writeTo(out);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
