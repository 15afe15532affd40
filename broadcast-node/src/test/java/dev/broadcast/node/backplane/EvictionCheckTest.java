package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionCheckTest {
  @ParameterizedTest
  @CsvSource({
    "0, allkeys-lru, ''",
    "1000, noeviction, ''",
    "1000, allkeys-lru, allkeys-lru",
    "1000, volatile-ttl, volatile-ttl"
  })
  void namesAPolicyThatMayEvictOurKeys(String limit, String policy, String expected) {
    String info =
        "# Memory\r\nused_memory:1\r\nmaxmemory:%s\r\nmaxmemory_human:0B\r\nmaxmemory_policy:%s\r\n"
            .formatted(limit, policy);

    assertEquals(expected, EvictionCheck.risky(info));
  }
}
