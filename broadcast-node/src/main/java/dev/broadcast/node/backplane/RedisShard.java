package dev.broadcast.node.backplane;

/** One sequence and what works on it: attachment, publisher, reader. Only on the hub thread. */
final class RedisShard implements RedisLink.User {
  final RedisAttachment attachment;
  final RedisPublisher publisher;
  final RedisReader reader;

  RedisShard(
      int number,
      RedisKeys keys,
      BackplaneSettings settings,
      int waitReplicas,
      RedisLink link,
      HubThread hubThread,
      Tokens tokens,
      RedisAttachment.Owner owner) {
    this.attachment = new RedisAttachment(number, keys, settings, link, hubThread, tokens, owner);
    this.publisher =
        new RedisPublisher(
            number,
            keys,
            settings,
            waitReplicas,
            new RedisPublishLine(attachment, link, hubThread));
    this.reader = new RedisReader(number, keys, settings, attachment, link, hubThread);
  }

  void tick(long now) {
    attachment.tick(now);
    publisher.tick(now);
  }

  void close() {
    publisher.close();
    reader.close();
  }

  @Override
  public void commandsUp() {
    attachment.commandsUp();
  }

  @Override
  public void commandsDown(String reason) {
    attachment.commandsDown(reason);
    publisher.commandsDown(reason);
  }

  @Override
  public void subscribed() {
    attachment.subscribed();
  }

  @Override
  public void unsubscribed(String reason) {
    attachment.unsubscribed(reason);
  }

  @Override
  public void failed(String reason) {
    attachment.unreachable(reason);
    publisher.failed(reason);
  }
}
