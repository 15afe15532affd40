package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class PlacesTest {
  @Test
  void anAddressIsForgottenWithItsLastStream() {
    Places places = new Places(5, 2, 0);
    assertNull(places.take("a", ""));
    assertNull(places.take("a", ""));
    assertNotNull(places.take("a", ""));
    assertNull(places.take("b", ""));
    assertEquals(3, places.taken());
    places.giveBack("a", "");
    places.giveBack("a", "");
    assertEquals(1, places.remembered());
    places.giveBack("b", "");
    assertEquals(0, places.remembered());
    assertEquals(0, places.taken());
  }

  @Test
  void whoIsRefusedForTheNodeLeavesNothingBehind() {
    Places places = new Places(1, 1, 1);
    assertNull(places.take("a", ""));
    assertNotNull(places.take("b", ""));
    assertEquals(1, places.remembered());
    places.giveBack("a", "");
    assertNull(places.take("b", ""));
  }

  @Test
  void withoutALimitOrAnAddressOnlyTheNodeCounts() {
    Places off = new Places(3, 0, 0);
    Places unknown = new Places(3, 1, 1);
    for (int i = 0; i < 3; i++) {
      assertNull(off.take("a", ""));
      assertNull(unknown.take("", ""));
    }
    assertEquals(0, off.remembered() + unknown.remembered());
    assertNotNull(off.take("a", ""));
  }

  @Test
  void aKeyHasItsOwnLimitAndWhoIsRefusedForItLeavesNothingBehind() {
    Places places = new Places(9, 9, 2);
    assertNull(places.take("a", "k"));
    assertNull(places.take("b", "k"));
    assertEquals("your key has its 2 connections on this node", places.take("c", "k"));
    assertNull(places.take("c", "other"));
    assertNull(places.take("c", ""));
    places.giveBack("a", "k");
    assertNull(places.take("a", "k"));
    for (String[] one : new String[][] {{"a", "k"}, {"b", "k"}, {"c", "other"}, {"c", ""}}) {
      places.giveBack(one[0], one[1]);
    }
    assertEquals(0, places.remembered());
    assertEquals(0, places.taken());
  }
}
