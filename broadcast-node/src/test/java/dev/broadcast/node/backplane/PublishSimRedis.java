package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.broadcast.node.backplane.ShardState.GenerationStart;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code publish.lua} and {@code attach.lua} do to one shard, as far as it decides whether a
 * message is stored. Its clock goes as the simulation's does, and shows something else.
 */
final class PublishSimRedis {
  private static final int SETTINGS = 12;
  private static final int FIXED_KEYS = 4;

  /** A message that was stored; the payload is the very array that was published. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity
  record Copy(
      String epoch,
      String generation,
      long sequence,
      byte[] payload,
      @Nullable String key,
      long at) {
    boolean is(MessageId id) {
      return id.epoch().equals(epoch)
          && id.generation().equals(generation)
          && id.sequence() == sequence;
    }
  }

  private record Remembered(String content, String generation, long sequence, long millis) {}

  /** What a restart may bring back. */
  record Data(
      String epoch,
      List<GenerationStart> lineage,
      String attachedRun,
      List<Copy> copies,
      Map<String, Remembered> keys) {}

  private final long clockAhead;

  /** Everything that was ever stored, also what was lost since. */
  final List<Copy> executed = new ArrayList<>();

  private List<Copy> copies = new ArrayList<>();
  private Map<String, Remembered> keys = new HashMap<>();
  private String epoch = "";
  private List<GenerationStart> lineage = List.of();
  private String attachedRun = "";
  private int run;
  private int names;
  private String refusing = "";

  PublishSimRedis(long clockAheadMillis) {
    clockAhead = clockAheadMillis;
  }

  /** What it answers to every script from now on; empty for no error. */
  void refuse(String error) {
    refusing = error;
  }

  /** What is stored at the end. */
  List<Copy> copies() {
    return copies;
  }

  Data data() {
    return new Data(epoch, lineage, attachedRun, List.copyOf(copies), Map.copyOf(keys));
  }

  /** Another process, with these data or with none. */
  void restart(@Nullable Data data) {
    run++;
    epoch = data == null ? "" : data.epoch;
    lineage = data == null ? List.of() : data.lineage;
    attachedRun = data == null ? "" : data.attachedRun;
    copies = data == null ? new ArrayList<>() : new ArrayList<>(data.copies);
    keys = data == null ? new HashMap<>() : new HashMap<>(data.keys);
  }

  private long millis(long nanos) {
    return clockAhead + nanos / 1_000_000;
  }

  private long head() {
    return copies.isEmpty() ? 0 : copies.get(copies.size() - 1).sequence;
  }

  ShardState attach(long now) {
    String process = "run" + run;
    if (epoch.isEmpty()) {
      epoch = "e" + ++names;
      lineage = List.of(new GenerationStart("g" + ++names, 0));
    } else if (!process.equals(attachedRun)) {
      List<GenerationStart> longer = new ArrayList<>(lineage);
      longer.add(new GenerationStart("g" + ++names, head()));
      lineage = List.copyOf(longer);
    }
    attachedRun = process;
    return new ShardState(0, epoch, lineage, head(), millis(now));
  }

  /**
   * Runs the script.
   *
   * @throws RedisCommandExecutionException where it refuses
   */
  List<Object> publish(int names, byte[][] arguments, long now) {
    if (!refusing.isEmpty()) {
      throw new RedisCommandExecutionException(refusing);
    }
    if (millis(now) > Long.parseLong(text(arguments[2]))) {
      return List.of("LATE", millis(now));
    }
    String generation = text(arguments[1]);
    if (epoch.isEmpty()
        || !epoch.equals(text(arguments[0]))
        || !lineage.get(lineage.size() - 1).generation().equals(generation)) {
      return List.of("STALE");
    }
    byte[] kinds = arguments[10];
    int pair = SETTINGS + names - FIXED_KEYS;
    int keyAt = pair + 2 * kinds.length;
    List<Object> answers = new ArrayList<>(List.of("OK", millis(now), 0L, head() + 1));
    for (int i = 0; i < kinds.length; i++, pair += 2) {
      String key = null;
      String content = "";
      if (kinds[i] == 'k') {
        key = text(arguments[keyAt++]);
        content = text(arguments[keyAt++]);
        Remembered before = keys.get(key);
        if (before != null) {
          answers.add((long) i);
          answers.add(
              before.content.equals(content)
                  ? "R " + before.generation + " " + before.sequence + " " + before.millis
                  : "K");
          continue;
        }
      }
      var copy = new Copy(epoch, generation, head() + 1, arguments[pair + 1], key, now);
      copies.add(copy);
      executed.add(copy);
      if (key != null) {
        keys.put(key, new Remembered(content, generation, copy.sequence, millis(now)));
      }
    }
    return answers;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }
}
