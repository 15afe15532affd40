package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import dev.broadcast.node.backplane.Publication.Idempotency;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code publish.lua} is given and what it answers; the file says what stands where. */
final class PublishScript {
  private static final byte[] EMPTY = {};
  private static final byte[] NONE = {'-'};
  private static final byte[] MESSAGE = {'m'};
  private static final byte[] CLEAR = {'c'};

  private final int shard;
  private final RedisKeys keys;
  private final byte[] historySize;
  private final byte[] historyAge;
  private final byte[] logSize;
  private final byte[] topicsMax;
  private final byte[] idempotencyTtl;
  private final byte[] idempotencyMax;
  private final byte[] channel;

  PublishScript(int shard, RedisKeys keys, BackplaneSettings settings) {
    this.shard = shard;
    this.keys = keys;
    this.historySize = bytes(settings.historySize());
    this.historyAge = bytes(settings.historyAge().toMillis());
    this.logSize = bytes(settings.logSize());
    this.topicsMax = bytes(settings.topicsMax());
    this.idempotencyTtl = bytes(settings.idempotencyTtl().toMillis());
    this.idempotencyMax = bytes(settings.idempotencyMax());
    this.channel = bytes(keys.channel());
  }

  /** Keys and arguments of one run. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Call(byte[][] keys, byte[][] arguments) {}

  Call call(ShardState state, long deadline, List<PublishItem> items) {
    Map<String, byte[]> topics = new LinkedHashMap<>();
    Map<String, byte[]> numbers = new LinkedHashMap<>();
    for (PublishItem item : items) {
      if (!topics.containsKey(item.topic())) {
        topics.put(item.topic(), keys.topic(state.epoch(), item.topic()));
        numbers.put(item.topic(), bytes(topics.size()));
      }
    }
    List<byte[]> names = new ArrayList<>(4 + topics.size());
    names.add(keys.state());
    names.add(keys.log(state.epoch()));
    names.add(keys.idempotency(state.epoch()));
    names.add(keys.idempotencyByAge(state.epoch()));
    names.addAll(topics.values());

    List<byte[]> arguments = new ArrayList<>(10 + topics.size() + 6 * items.size());
    arguments.add(bytes(state.epoch()));
    arguments.add(bytes(state.generation()));
    arguments.add(bytes(deadline));
    arguments.add(historySize);
    arguments.add(historyAge);
    arguments.add(logSize);
    arguments.add(topicsMax);
    arguments.add(idempotencyTtl);
    arguments.add(idempotencyMax);
    arguments.add(channel);
    topics.keySet().forEach(topic -> arguments.add(bytes(topic)));
    for (PublishItem item : items) {
      add(arguments, item, numbers.getOrDefault(item.topic(), EMPTY));
    }
    return new Call(names.toArray(byte[][]::new), arguments.toArray(byte[][]::new));
  }

  PublishOutcome outcome(ShardState state, long millis, String answer) {
    String[] words = answer.split(" ", 4);
    return switch (words[0]) {
      case "S" ->
          new PublishOutcome.Stored(
              new MessageId(state.epoch(), state.generation(), shard, Long.parseLong(words[1])),
              millis,
              false);
      case "R" ->
          new PublishOutcome.Stored(
              new MessageId(state.epoch(), words[1], shard, Long.parseLong(words[2])),
              Long.parseLong(words[3]),
              true);
      case "K" -> new PublishOutcome.KeyReused();
      default -> new PublishOutcome.NotStored("Redis refused: " + answer.substring(2));
    };
  }

  private static void add(List<byte[]> arguments, PublishItem item, byte[] topicNumber) {
    Publication publication = item.publication();
    Idempotency idempotency = publication == null ? null : publication.idempotency();
    String receipt = publication == null ? null : publication.receipt();
    arguments.add(publication == null ? CLEAR : MESSAGE);
    arguments.add(topicNumber);
    arguments.add(idempotency == null ? EMPTY : bytes(idempotency.key()));
    arguments.add(idempotency == null ? EMPTY : bytes(idempotency.content()));
    arguments.add(receipt == null ? NONE : bytes(receipt));
    arguments.add(publication == null ? EMPTY : publication.payload());
  }
}
