package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What becomes of publishes whose answers are lost, late or refused, through many orders of events:
 * one copy of what has a key, no answer that is not true, none after its deadline, and nothing
 * stored after its publisher was told. More of it: {@code -Dsim.publish.seeds=1000000}.
 */
@Timeout(300)
class PublishSimulationTest {
  private static final PublishSimLine.Plant NOTHING = (names, arguments) -> arguments;
  private static final List<String> EDGES =
      List.of("Stored", "repeated", "Unknown", "NotStored", "unknown, but stored");

  /** Sends what it sends again as if it had no key. */
  private static final class RetriesWithoutTheKey implements PublishSimLine.Plant {
    private static final int KINDS = 10;
    private final Set<byte[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    @Override
    public byte[][] sent(int names, byte[][] arguments) {
      byte[] kinds = arguments[KINDS].clone();
      int pairs = 12 + names - 4;
      boolean again = false;
      for (int i = 0; i < kinds.length; i++) {
        again |= !seen.add(arguments[pairs + 2 * i + 1]);
      }
      if (!again) {
        return arguments;
      }
      Arrays.fill(kinds, (byte) 'm');
      byte[][] sent = Arrays.copyOf(arguments, pairs + 2 * kinds.length);
      sent[KINDS] = kinds;
      return sent;
    }
  }

  private static byte[][] withoutDeadline(byte[][] arguments) {
    byte[][] sent = arguments.clone();
    sent[2] = RedisKeys.bytes(Long.MAX_VALUE / 2);
    return sent;
  }

  private static String firstFailure(
      long seeds, PublishSimLine.Plant plant, Map<String, Integer> counts) {
    long first = Long.getLong("sim.publish.first", 0);
    for (long seed = first; seed < first + seeds; seed++) {
      try {
        new PublishSim(seed, plant, counts).run();
      } catch (AssertionError | RuntimeException e) {
        return "seed " + seed + ": " + e;
      }
    }
    return "";
  }

  @Test
  void aPublishIsStoredOnceAndItsAnswerIsTrue() {
    Map<String, Integer> counts = new TreeMap<>();
    String failure = firstFailure(Long.getLong("sim.publish.seeds", 20_000), NOTHING, counts);
    if (!failure.isEmpty()) {
      fail(failure + " after " + counts);
    }
    EDGES.forEach(edge -> assertTrue(counts.getOrDefault(edge, 0) > 100, edge + ": " + counts));
    System.out.println(counts);
  }

  @Test
  void findsARetryWithoutItsKey() {
    assertTrue(
        firstFailure(5_000, new RetriesWithoutTheKey(), new TreeMap<>()).contains("stored twice"));
  }

  @Test
  void findsADeadlineThatIsDropped() {
    String failure =
        firstFailure(5_000, (names, arguments) -> withoutDeadline(arguments), new TreeMap<>());
    assertTrue(failure.contains("stored after"), failure);
  }
}
