package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.RedisTopology.Kind;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisTopologyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis://host                                    | ONE      | [host:6379]",
        "rediss://u:p@host:1/3                           | ONE      | [host:1]",
        "redis://[::1]:7                                 | ONE      | [[::1]:7]",
        "redis://a,redis://b:1                           | SEVERAL  | [a:6379, b:1]",
        "redis://h:1/0,redis://h:1/1                     | SEVERAL  | [h:1, h:1]",
        "redis-sentinel://p@s1,s2:5?master=m             | SENTINEL | [s1:26379, s2:5]",
        "redis-sentinel://s1/1?sentinelMasterId=m        | SENTINEL | [s1:26379]",
        "rediss-sentinel://s1:2#m                        | SENTINEL | [s1:2]",
        "redis-cluster://a:1,b                           | CLUSTER  | [a:1, b:6379]"
      })
  void takesEveryShape(String url, Kind kind, String servers) {
    RedisTopology topology = RedisTopology.parse(url);

    assertEquals(kind, topology.kind());
    assertEquals(servers, topology.servers().toString());
    assertEquals(kind == Kind.SENTINEL ? "m" : "", topology.master());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        "http://host",
        "redis://",
        "redis://secret@",
        "redis://user:secret@host:notaport",
        "redis://user:secret@host:99999",
        "redis://user:secret%zz@host",
        "redis://a,b",
        "redis://a?timeout=1s",
        "redis://a,redis://a",
        "redis://a,redis-cluster://b",
        "redis-sentinel://s1,s2",
        "redis-sentinel://s1?master=",
        "redis-cluster://a/1"
      })
  void refusesWhatIsNoneInOneLineWithoutSecrets(String url) {
    var failure = assertThrows(IllegalArgumentException.class, () -> RedisTopology.parse(url));

    assertTrue(failure.getMessage().startsWith("redis-url: "), failure.getMessage());
    assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    assertEquals(1, failure.getMessage().lines().count());
  }

  @Test
  void credentialsArePercentDecodedAndNeverShown() {
    RedisAddress server = RedisTopology.parse("redis://us%40er:p%3Aa%2Fs+s@host").servers().get(0);

    assertEquals("us@er", server.user());
    assertEquals("p:a/s+s", server.password());
    assertFalse(RedisTopology.parse("redis://u:hidden@host").toString().contains("hidden"));
    assertNull(RedisTopology.parse("redis://:p@host").servers().get(0).user());
  }

  @Test
  void fewerShardsThanServersAreRefused() {
    RedisSettings settings = RedisSettings.of("redis://a,redis://b,redis://c");

    settings.check(3);
    var failure = assertThrows(IllegalArgumentException.class, () -> settings.check(2));
    assertTrue(failure.getMessage().startsWith("shards: "), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 12})
  void shardsLieOnAClustersMastersEvenly(int masters) {
    Set<Integer> slots = new HashSet<>();
    int[] held = new int[masters];
    for (int shard = 0; shard < 12; shard++) {
      int slot = new RedisKeys("broadcast", shard, 12).slot();
      slots.add(slot);
      held[slot * masters / 16_384]++;
    }

    assertEquals(12, slots.size());
    IntStream.of(held).forEach(count -> assertEquals(12 / masters, count));
  }

  @Test
  void theFirstShardsNamesDoNotDependOnTheirNumber() {
    assertEquals(new RedisKeys("p", 0, 1).channel(), new RedisKeys("p", 0, 7).channel());
  }
}
