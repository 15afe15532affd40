package dev.broadcast.api.broadcaster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.broadcaster.SubscribeOptions.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValuesTest {

  @Test
  void aResultTellsIdAndReceipt() {
    BroadcastResult stored =
        new BroadcastResult.Published("i", "a", Instant.EPOCH, false, new Receipt(3, 2, true));
    assertEquals(Optional.of("i"), stored.messageId());
    assertEquals(3, stored.connections());
    BroadcastResult dropped = new BroadcastResult.Dropped("why");
    assertEquals(Optional.empty(), dropped.messageId());
    assertEquals(0, dropped.connections());
  }

  @Test
  void settingsNameTheFieldThatIsWrong() {
    BroadcasterSettings ok =
        BroadcasterSettings.DEFAULTS
            .withHistorySize(50)
            .withQueue(100, Duration.ofMillis(100))
            .withHeartbeat(Duration.ZERO)
            .withHandlerTimeout(Duration.ofMillis(10))
            .withDebug(true);
    assertEquals(50, ok.historySize());
    assertEquals(100, ok.queueSize());
    assertEquals(Duration.ofMillis(100), ok.queueTimeout());
    for (String field : List.of("historySize", "queueSize", "queueTimeout", "handlerTimeout")) {
      IllegalArgumentException wrong =
          assertThrows(
              IllegalArgumentException.class,
              () -> {
                switch (field) {
                  case "historySize" -> ok.withHistorySize(0);
                  case "queueSize" -> ok.withQueue(0, Duration.ofSeconds(1));
                  case "queueTimeout" -> ok.withQueue(1, Duration.ZERO);
                  default -> ok.withHandlerTimeout(Duration.ofSeconds(-1));
                }
              });
      assertTrue(wrong.getMessage().startsWith(field + ":"), wrong.getMessage());
    }
  }

  @Test
  void publishOptionsCheckWhatTheNodeWouldRefuse() {
    assertEquals("k", PublishOptions.NONE.once("k").idempotencyKey());
    assertThrows(IllegalArgumentException.class, () -> PublishOptions.NONE.once("with space"));
    assertThrows(
        IllegalArgumentException.class,
        () -> PublishOptions.NONE.withReceipt(Duration.ofSeconds(11)));
  }

  @Test
  void subscribeOptionsKeepWhatWasSaidBefore() {
    SubscribeOptions options =
        SubscribeOptions.to("a", "b").types("update").until("complete").last(3).id("me");
    assertEquals(List.of("a", "b"), options.topics());
    assertEquals(List.of("update"), options.types());
    assertEquals(List.of("complete"), options.until());
    assertEquals(new Start.Last(3), options.start());
    assertEquals("me", options.id());
    assertEquals(List.of("global"), SubscribeOptions.to().topics());
    assertThrows(IllegalArgumentException.class, () -> options.throttle(Duration.ZERO));
  }
}
