package dev.broadcast.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class DeliveryCheckTest {
  private final DeliveryCheck check = new DeliveryCheck(2);

  @Test
  void findsNothingWrongWithInterleavedPublishers() {
    receive(0, 1, 2);
    receive(1, 1);
    receive(0, 3);

    assertCounts(4, 0, 0, 0, 3, 1);
  }

  @Test
  void countsWhatNeverCameAtTheEndAndInBetween() {
    receive(0, 1, 4);

    assertCounts(2, 2 + 1 + 2, 0, 0, 5, 2);
  }

  @Test
  void countsALateMessageAsReorderedNotAsLost() {
    receive(0, 1, 3, 2, 4);

    assertCounts(4, 0, 0, 1, 4, 0);
  }

  @Test
  void countsAMessageThatComesAgainAsDuplicated() {
    receive(0, 1, 1, 3, 2, 2);

    assertCounts(3, 0, 2, 1, 3, 0);
  }

  @Test
  void tellsOrdersApart() {
    DeliveryCheck other = new DeliveryCheck(2);
    check.received(0, 1);
    check.received(1, 1);
    other.received(1, 1);
    other.received(0, 1);

    assertNotEquals(check.order(), other.order());
  }

  private void receive(int publisher, int... sequences) {
    for (int sequence : sequences) {
      check.received(publisher, sequence);
    }
  }

  private void assertCounts(
      long delivered, long lost, long duplicated, long reordered, int... published) {
    assertEquals(delivered, check.delivered(), "delivered");
    assertEquals(lost, check.lost(published), "lost");
    assertEquals(duplicated, check.duplicated(), "duplicated");
    assertEquals(reordered, check.reordered(), "reordered");
  }
}
