package dev.broadcast.front;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between clients and a node, and does to their connections what networks do. Any thread.
 */
final class FaultyLink implements AutoCloseable {
  private final ServerSocket server;
  private final URI node;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger swallowed = new AtomicInteger();
  private final AtomicLong passed = new AtomicLong();
  private volatile Set<Socket> frozen = Set.of();

  FaultyLink(URI node) {
    this.node = node;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    spawn(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** How many bytes of the node's were passed on. */
  long passed() {
    return passed.get();
  }

  /** Ends every connection that there is. */
  void cut() {
    sockets.forEach(FaultyLink::close);
    sockets.clear();
  }

  /** Lets nothing through any more on the connections that there are; new ones work. */
  void freeze() {
    frozen = Set.copyOf(sockets);
  }

  /** Of so many connections the node's first words are lost, and the connection with them. */
  void swallowAnswers(int count) {
    swallowed.set(count);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        // What it holds for a client that does not read must not grow with the kernel's settings.
        near.setSendBufferSize(1 << 16);
        Socket far = new Socket(node.getHost(), node.getPort());
        sockets.add(near);
        sockets.add(far);
        spawn(() -> pump(near, far, false));
        spawn(() -> pump(far, near, true));
      } catch (IOException e) {
        // Closed, or the node is away.
      }
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (answers && swallowed.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
          break;
        }
        if (!frozen.contains(from)) {
          out.write(buffer, 0, n);
          passed.addAndGet(answers ? n : 0);
        }
      }
    } catch (IOException e) {
      // Either side is gone; the other follows.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was on its way out anyway.
    }
  }

  private static void spawn(Runnable task) {
    Thread thread = new Thread(task, "faulty-link");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
