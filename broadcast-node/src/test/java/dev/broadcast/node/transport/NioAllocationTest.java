package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.broadcast.node.transport.StreamServer.Stream;
import dev.broadcast.node.transport.StreamServer.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Without native epoll bytes go through Netty's channel, which allocates, but no copy of them. */
class NioAllocationTest {
  private static final int WRITES = 100;
  private static final int SIZE = 4_000;

  @Test
  void aWriteCostsAFewSmallObjects() throws Exception {
    try (StreamServer server = new StreamServer(Way.DETACHED_NIO);
        StreamClient client = StreamClient.connect(server)) {
      Stream stream = server.accepted();
      client.head();
      StreamTransportContractTest.eventually(() -> stream.ask(stream.transport::drained));
      ByteBuf bytes = new UnpooledByteBufAllocator(true, true).directBuffer().writeZero(SIZE);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) { // the first ones load classes
        long allocated =
            stream.ask(
                () -> {
                  long before = threads.getCurrentThreadAllocatedBytes();
                  for (int i = 0; i < WRITES && stream.transport.drained(); i++) {
                    stream.transport.write(bytes);
                  }
                  return threads.getCurrentThreadAllocatedBytes() - before;
                });
        StreamTransportContractTest.eventually(() -> stream.ask(stream.transport::drained));
        client.read(WRITES * SIZE);
        least = Math.min(least, allocated);
      }
      assertTrue(least < WRITES * 1_000L, least / WRITES + " bytes a write");
      assertTrue(bytes.release());
    }
  }
}
