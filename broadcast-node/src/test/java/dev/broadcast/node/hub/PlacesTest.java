package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void anAddressIsForgottenWithItsLastStream() {
    Places places = new Places(5, 2);
    assertNull(places.take("a"));
    assertNull(places.take("a"));
    assertNotNull(places.take("a"));
    assertNull(places.take("b"));
    assertEquals(3, places.taken());
    places.giveBack("a");
    places.giveBack("a");
    assertEquals(1, places.addresses());
    places.giveBack("b");
    assertEquals(0, places.addresses());
    assertEquals(0, places.taken());
  }

  @Test
  void whoIsRefusedForTheNodeLeavesNothingBehind() {
    Places places = new Places(1, 1);
    assertNull(places.take("a"));
    assertNotNull(places.take("b"));
    assertEquals(1, places.addresses());
    places.giveBack("a");
    assertNull(places.take("b"));
  }

  @Test
  void withoutALimitOrAnAddressOnlyTheNodeCounts() {
    Places off = new Places(3, 0);
    Places unknown = new Places(3, 1);
    for (int i = 0; i < 3; i++) {
      assertNull(off.take("a"));
      assertNull(unknown.take(""));
    }
    assertEquals(0, off.addresses() + unknown.addresses());
    assertNotNull(off.take("a"));
  }
}
