package dev.broadcast.loadtest.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** A network between two programs, which can be cut, fall silent and be slow. Any thread. */
final class Proxy implements Closeable {
  private final ServerSocket server;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile boolean vanishing;
  private volatile boolean losingAnswers;
  private volatile int delayMillis;
  private volatile IntSupplier acceptDelay = () -> 0;

  /** Passes on to that port of this machine. */
  Proxy(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    spawn(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  /** How many connections it holds to the target. */
  int links() {
    return links.size();
  }

  /** Ends all connections with RST; new ones are let through unless refused. */
  void cut() {
    links.forEach(Link::reset);
  }

  /** Whether new connections end with RST at once. */
  void refuse(boolean on) {
    refusing = on;
  }

  /**
   * While on, what is sent vanishes, and nobody is told. Connections that lived through it stay
   * dead afterwards, as behind a router that forgot them.
   */
  void vanish(boolean on) {
    vanishing = on;
    if (on) {
      links.forEach(link -> link.dead = true);
    }
  }

  /** What the target answers vanishes; what it is asked arrives. */
  void loseAnswers(boolean on) {
    losingAnswers = on;
  }

  /** Ends what {@link #vanish} left behind. */
  void bury() {
    links.stream().filter(link -> link.dead).forEach(Link::reset);
  }

  /** How long each piece, of 16 KiB at most, takes on its way. */
  void slow(int millis) {
    delayMillis = millis;
  }

  /** New connections come through late, each as late as it pleases: also in another order. */
  void delayConnections(int mostMillis, Random random) {
    acceptDelay = mostMillis == 0 ? () -> 0 : () -> random.nextInt(mostMillis);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        if (refusing) {
          reset(near);
        } else {
          spawn(() -> connect(near, acceptDelay.getAsInt()));
        }
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void connect(Socket near, int delay) {
    try {
      Thread.sleep(delay);
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      far.setTcpNoDelay(true);
      near.setTcpNoDelay(true);
      Link link = new Link(near, far);
      link.dead = vanishing;
      links.add(link);
      spawn(() -> link.pump(near, far));
      link.pump(far, near);
    } catch (IOException e) {
      reset(near); // nobody there
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Two sockets as one connection. */
  private final class Link {
    private final Socket near;
    private final Socket far;
    volatile boolean dead;

    Link(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void pump(Socket from, Socket to) {
      boolean clean = false;
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[16_384];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (delayMillis > 0) {
            Thread.sleep(delayMillis);
          }
          if (!dead && !(losingAnswers && from == far)) {
            out.write(buffer, 0, n);
          }
        }
        clean = true;
        if (!dead) {
          to.shutdownOutput();
          if (from.isOutputShutdown()) {
            end();
          }
        }
      } catch (IOException e) {
        // Either side is gone.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!clean && !dead) {
        reset();
      }
    }

    private void end() {
      links.remove(this);
      try (near;
          far) {
        // Both sides said goodbye.
      } catch (IOException e) {
        // They are gone.
      }
    }

    void reset() {
      links.remove(this);
      Proxy.reset(near);
      Proxy.reset(far);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It was on its way out anyway.
    }
  }

  private static void spawn(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    refusing = true;
    server.close();
    cut();
  }
}
