package dev.broadcast.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a node and its Redis and can cut them apart for good. Any thread. */
public final class TcpProxy implements AutoCloseable {
  private final String host;
  private final int port;
  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Passes on to {@code host:port}. */
  public TcpProxy(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    spawn(this::accept);
  }

  /** Where it listens on loopback. */
  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        sockets.add(near);
        Socket far = new Socket(host, port);
        sockets.add(far);
        spawn(() -> pump(near, far));
        spawn(() -> pump(far, near));
        if (server.isClosed()) {
          cut();
        }
      } catch (IOException e) {
        // Closed, or the other side is not there; who connected learns it by the cut.
      }
    }
    cut();
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // Either side is gone; the other follows.
    }
  }

  private void cut() {
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // It was on its way out anyway.
      }
    }
  }

  private static void spawn(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  /** Cuts every connection and lets none in any more. */
  public void vanish() throws IOException {
    server.close();
    cut();
  }

  @Override
  public void close() throws IOException {
    vanish();
  }
}
