package dev.broadcast.node.hub;

import dev.broadcast.api.broadcaster.HandlerChain.Registration;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionListener;
import dev.broadcast.api.connection.ConnectionState;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the program of this node's connections, on one thread of its own that is there as long as
 * there is something to tell. Costs nothing without listeners. Any thread.
 */
public final class ConnectionHooks {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionHooks.class);

  private final CopyOnWriteArrayList<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService worker;

  ConnectionHooks() {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "broadcast-hooks");
              thread.setDaemon(true);
              return thread;
            });
    one.allowCoreThreadTimeOut(true);
    worker = one;
  }

  /** Adds a listener; closing the answer takes it out. */
  public Registration add(ConnectionListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void connected(dev.broadcast.node.hub.Connection connection, String node) {
    if (!listeners.isEmpty()) {
      Connection now = ConnectionRows.of(connection, node);
      tell(listener -> listener.connected(now));
    }
  }

  void disconnected(dev.broadcast.node.hub.Connection connection, String node, CloseReason reason) {
    if (listeners.isEmpty()) {
      return;
    }
    Connection c = ConnectionRows.of(connection, node);
    ConnectionState end =
        reason == CloseReason.WRITE_TIMEOUT || reason == CloseReason.BEHIND
            ? new ConnectionState.Failed(reason.wire())
            : new ConnectionState.Disconnected(reason.wire());
    Connection last =
        new Connection(
            c.id(),
            c.kind(),
            c.node(),
            end,
            c.topics(),
            c.metadata(),
            c.createdAt(),
            c.lastActivity(),
            c.messageCount());
    tell(listener -> listener.disconnected(last));
  }

  private void tell(Consumer<ConnectionListener> news) {
    worker.execute(
        () -> {
          for (ConnectionListener listener : listeners) {
            try {
              news.accept(listener);
            } catch (RuntimeException e) {
              LOG.warn("event=connection_listener_failed", e);
            }
          }
        });
  }
}
