package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the response's head leaves with. */
class DetachedHttp1TransportTest {
  private static final byte[] HEAD = "HEAD ".getBytes(StandardCharsets.UTF_8);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private DetachedHttp1Transport transport;

  @BeforeEach
  void start() {
    transport =
        new DetachedHttp1Transport(
            channel,
            new StreamTransport.Listener() {
              @Override
              public void onDrained() {}

              @Override
              public void onClosed() {}
            });
    channel.pipeline().addLast(transport);
    transport.start(HEAD);
    assertNull(channel.readOutbound());
  }

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private String sent() {
    ByteBuf sent = channel.readOutbound();
    String text = sent.toString(StandardCharsets.UTF_8);
    sent.release();
    return text;
  }

  @Test
  void theHeadLeavesInOnePieceWithTheFirstBytes() {
    transport.begin(bytes("first"));
    transport.write(bytes("second"));
    transport.begin(bytes("third"));
    transport.flush();
    assertEquals("HEAD first", sent());
    assertEquals("second", sent());
    assertEquals("third", sent());
    assertNull(channel.readOutbound());
  }

  @Test
  void theHeadLeavesAloneWhenThereIsNothingToSayYet() {
    transport.flush();
    transport.flush();
    assertEquals("HEAD ", sent());
    transport.begin(bytes("later"));
    assertEquals("later", sent());
  }

  @Test
  void theHeadLeavesBeforeTheEnd() {
    transport.end();
    assertEquals("HEAD ", sent());
  }
}
