package dev.broadcast.node.broadcaster;

import dev.broadcast.api.Json;
import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.api.broadcaster.MessageHandler;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code --debug} logs: every stream that opens or ends on this node and every message that is
 * published here, as it came. Of messages only where they go and how long they are: what is in them
 * is nobody's who reads logs. Any thread.
 */
public final class DebugLog implements MessageHandler, ConnectionListener {
  private static final Logger LOG = LoggerFactory.getLogger(DebugLog.class);

  /** Begins to log. */
  public static void install(Broadcaster broadcaster) {
    DebugLog log = new DebugLog();
    broadcaster.addMessageHandler(log);
    broadcaster.addConnectionListener(log);
  }

  private DebugLog() {}

  @Override
  public CompletionStage<Decision> handle(Message message) {
    LOG.info(
        "event=publish topic={} type={} characters={} to={} exclude={}",
        message.topic(),
        message.type() == null ? "-" : Json.quote(message.type()),
        message.data().content().length(),
        message.to().size(),
        message.exclude().size());
    return CompletableFuture.completedFuture(Decision.same());
  }

  @Override
  public void connected(Connection connection) {
    LOG.info(
        "event=connected connection={} kind={} topics={}",
        Json.quote(connection.id()),
        Json.quote(connection.kind()),
        String.join(",", connection.topics()));
  }

  @Override
  public void disconnected(Connection connection) {
    LOG.info(
        "event=disconnected connection={} state={} messages={}",
        Json.quote(connection.id()),
        connection.state(),
        connection.messageCount());
  }
}
