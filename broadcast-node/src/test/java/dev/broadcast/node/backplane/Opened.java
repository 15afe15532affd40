package dev.broadcast.node.backplane;

import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opened: closed after it, the last one first. */
final class Opened implements AfterEachCallback {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T opened) {
    open.push(opened);
    return opened;
  }

  /** A Redis of its own that keeps nothing over a crash. */
  RedisServer server(Path data, String... settings) {
    return add(RedisServer.start(data, Fsync.NO, settings));
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
