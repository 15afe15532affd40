package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import dev.broadcast.node.backplane.Publication.Idempotency;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code publish.lua} is given and what it answers; the file says what stands where. Only on
 * the hub thread.
 */
final class PublishScript {
  /** A topic's number within one script is a byte. */
  static final int MAX_ITEMS = 256;

  private static final int FIXED_KEYS = 4;
  private static final int SETTINGS = 12;
  private static final byte[] EMPTY = {};

  private final int shard;
  private final RedisKeys keys;
  private final byte[][] settings;
  private final byte[] channel;
  private String fixedFor = "";
  private byte[][] fixed = {};

  PublishScript(int shard, RedisKeys keys, BackplaneSettings settings) {
    this.shard = shard;
    this.keys = keys;
    this.channel = bytes(keys.channel());
    this.settings =
        new byte[][] {
          bytes(settings.historySize()),
          bytes(settings.historyAge().toMillis()),
          bytes(settings.logSize()),
          bytes(settings.topicsMax()),
          bytes(settings.idempotencyTtl().toMillis()),
          bytes(settings.idempotencyMax())
        };
  }

  /** Keys and arguments of one run. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Call(byte[][] keys, byte[][] arguments) {}

  /**
   * One run.
   *
   * @param items at most {@link #MAX_ITEMS}
   */
  Call call(ShardState state, long deadline, List<PublishItem> items) {
    byte[] kinds = new byte[items.size()];
    byte[] topicOf = new byte[items.size()];
    List<String> topics = new ArrayList<>();
    int keyed = 0;
    for (int i = 0; i < items.size(); i++) {
      PublishItem item = items.get(i);
      kinds[i] = (byte) kind(item.publication());
      topicOf[i] = (byte) number(topics, item.topic());
      keyed += kinds[i] == 'k' ? 1 : 0;
    }
    byte[][] names = new byte[FIXED_KEYS + topics.size()][];
    byte[][] arguments = new byte[SETTINGS + topics.size() + 2 * (items.size() + keyed)][];
    System.arraycopy(fixedKeys(state.epoch()), 0, names, 0, FIXED_KEYS);
    arguments[0] = bytes(state.epoch());
    arguments[1] = bytes(state.generation());
    arguments[2] = bytes(deadline);
    System.arraycopy(settings, 0, arguments, 3, settings.length);
    arguments[9] = channel;
    arguments[10] = kinds;
    arguments[11] = topicOf;
    for (int t = 0; t < topics.size(); t++) {
      names[FIXED_KEYS + t] = keys.topic(state.epoch(), topics.get(t));
      arguments[SETTINGS + t] = bytes(topics.get(t));
    }
    int at = SETTINGS + topics.size();
    int keyAt = at + 2 * items.size();
    for (int i = 0; i < items.size(); i++) {
      Publication publication = items.get(i).publication();
      byte[] payload = publication == null ? EMPTY : publication.payload();
      String receipt = publication == null ? null : publication.receipt();
      arguments[at++] = Frame.head(publication != null, topicOf[i] & 0xff, payload.length, receipt);
      arguments[at++] = payload;
      Idempotency idempotency = publication == null ? null : publication.idempotency();
      if (idempotency != null) {
        arguments[keyAt++] = bytes(idempotency.key());
        arguments[keyAt++] = bytes(idempotency.content());
      }
    }
    return new Call(names, arguments);
  }

  /** What became of the items, in their order, by an answer that begins with {@code OK}. */
  List<PublishOutcome> outcomes(ShardState state, int items, List<Object> reply) {
    long millis = RedisReply.number(reply.get(1));
    MessageId place = new MessageId(state.epoch(), state.generation(), shard, 0);
    long next = RedisReply.number(reply.get(3));
    List<PublishOutcome> outcomes = new ArrayList<>(items);
    int at = 4;
    for (int i = 0; i < items; i++) {
      if (at < reply.size() && RedisReply.number(reply.get(at)) == i) {
        outcomes.add(exception(state, RedisReply.text(reply.get(at + 1))));
        at += 2;
      } else {
        outcomes.add(new PublishOutcome.Stored(place.at(next++), millis, false));
      }
    }
    return outcomes;
  }

  private PublishOutcome exception(ShardState state, String answer) {
    String[] words = answer.split(" ", 4);
    return switch (words[0]) {
      case "R" ->
          new PublishOutcome.Stored(
              new MessageId(state.epoch(), words[1], shard, Long.parseLong(words[2])),
              Long.parseLong(words[3]),
              true);
      case "K" -> new PublishOutcome.KeyReused();
      default -> new PublishOutcome.NotStored("Redis refused: " + answer.substring(2));
    };
  }

  private static char kind(@Nullable Publication publication) {
    if (publication == null) {
      return 'c';
    }
    return publication.idempotency() == null ? 'm' : 'k';
  }

  private byte[][] fixedKeys(String epoch) {
    if (!epoch.equals(fixedFor)) {
      fixed =
          new byte[][] {
            keys.state(), keys.log(epoch), keys.idempotency(epoch), keys.idempotencyByAge(epoch)
          };
      fixedFor = epoch;
    }
    return fixed;
  }

  /** Few topics a script: looking through them costs less than a map. */
  private static int number(List<String> topics, String topic) {
    int number = topics.indexOf(topic);
    if (number < 0) {
      number = topics.size();
      topics.add(topic);
    }
    return number;
  }
}
