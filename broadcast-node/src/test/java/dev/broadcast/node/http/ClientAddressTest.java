package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class ClientAddressTest {
  @Test
  void aClientHasOneAddressHoweverManyItMayChooseFrom() {
    assertEquals("192.0.2.1", ClientAddress.of("192.0.2.1"));
    assertEquals("192.0.2.1", ClientAddress.of("::ffff:192.0.2.1"));
    assertEquals(ClientAddress.of("2001:db8::1"), ClientAddress.of("2001:db8:0:0:a:b:c:d"));
    assertEquals(ClientAddress.of("fe80::1%eth0"), ClientAddress.of("fe80::2%eth0"));
    assertNotEquals(ClientAddress.of("2001:db8::1"), ClientAddress.of("2001:db8:0:1::1"));
    assertNotEquals(ClientAddress.of("::1"), ClientAddress.of("2001:db8::1"));
    assertEquals("", ClientAddress.of((String) null));
  }
}
