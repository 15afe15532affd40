package dev.broadcast.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;

/**
 * A load balancer as small as they come: each connection goes to the first node that accepts it,
 * and ends when that node's does. For clients that know one address only.
 */
final class TcpBalancer implements AutoCloseable {

  private final ServerSocket server;
  private final List<URI> nodes;

  TcpBalancer(List<URI> nodes) {
    this.nodes = List.copyOf(nodes);
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

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        spawn(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that was gone before it was accepted.
      }
    }
  }

  private void serve(Socket client) {
    for (URI node : nodes) {
      var upstream = new Socket();
      try {
        upstream.connect(new InetSocketAddress(node.getHost(), node.getPort()), 1_000);
      } catch (IOException e) {
        close(upstream);
        continue;
      }
      spawn(() -> pump(client, upstream));
      pump(upstream, client);
      return;
    }
    close(client);
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
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
    var thread = new Thread(task, "balancer");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
