package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A real Redis, and real time, for a {@link RedisPublisher}. Only on the hub thread. */
record RedisPublishLine(RedisAttachment attachment, RedisLink link, HubThread hubThread)
    implements PublishLine {
  @Override
  public @Nullable ShardState state() {
    return attachment.known();
  }

  @Override
  public boolean canCommand() {
    return link.canCommand();
  }

  @Override
  public void command(
      RedisScript script, byte[][] keys, byte[][] arguments, RedisLink.Answer answer) {
    link.command(script, keys, arguments, answer);
  }

  @Override
  public void awaitReplicas(int replicas, long within, Consumer<@Nullable Long> answer) {
    link.awaitReplicas(replicas, within, answer);
  }

  @Override
  public void cut(String reason) {
    link.cutCommands(reason);
  }

  @Override
  public void attach() {
    attachment.attach();
  }

  @Override
  public void later(Duration delay, Runnable step) {
    hubThread.later(delay, step);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public ServerClock clock() {
    return link.clock();
  }
}
