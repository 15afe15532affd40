package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.node.backplane.ShardState.GenerationStart;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Reads what our scripts answer, and what comes instead of an answer. */
final class RedisReply {
  private RedisReply() {}

  static String text(Object value) {
    return value instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(value);
  }

  static long number(Object value) {
    return value instanceof Long number ? number : Long.parseLong(text(value));
  }

  /** Where, from {@code at} on, epoch, lineage, sequence and milliseconds stand. */
  static ShardState state(int shard, List<Object> reply, int at) {
    return new ShardState(
        shard,
        text(reply.get(at)),
        lineage(text(reply.get(at + 1))),
        number(reply.get(at + 2)),
        number(reply.get(at + 3)));
  }

  @SuppressWarnings("unchecked")
  static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  static Entry entry(ShardState state, String topic, List<Object> reply, int at) {
    boolean message = text(reply.get(at + 4)).equals("m");
    return new Entry(
        new MessageId(state.epoch(), text(reply.get(at + 2)), state.shard(), number(reply.get(at))),
        message ? Entry.Kind.MESSAGE : Entry.Kind.CLEAR,
        topic,
        number(reply.get(at + 3)),
        number(reply.get(at + 1)),
        (byte[]) reply.get(at + 5),
        null);
  }

  /** What really failed: futures wrap it. */
  static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  /** Redis' own error, by which it refused what it was asked; empty for every other failure. */
  static String error(@Nullable Throwable failure) {
    return failure instanceof RedisCommandExecutionException
        ? String.valueOf(failure.getMessage())
        : "";
  }

  private static List<GenerationStart> lineage(String text) {
    List<GenerationStart> lineage = new ArrayList<>();
    for (String step : text.split(",", -1)) {
      int colon = step.indexOf(':');
      lineage.add(
          new GenerationStart(step.substring(0, colon), Long.parseLong(step.substring(colon + 1))));
    }
    return lineage;
  }
}
