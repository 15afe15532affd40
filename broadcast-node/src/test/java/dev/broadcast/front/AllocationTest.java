package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.broadcast.testing.Crowd;
import io.netty.channel.epoll.Epoll;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What a message costs on the event loops does not grow with the connections that it is for. */
class AllocationTest {
  private static final int FEW = 50;
  private static final int MANY = 1_050;
  private static final int MESSAGES = 50;
  private static final int ROUNDS = 4;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int published;

  @Test
  void deliveringAllocatesNothingPerConnection() {
    assumeTrue(Epoll.isAvailable(), "elsewhere bytes go through Netty, which allocates");
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    // Else every use of a buffer is written down.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    Set<Long> others = eventLoops();
    try (FrontNode node = FrontNode.start(List.of());
        Crowd crowd = new Crowd()) {
      Set<Long> own = eventLoops();
      own.removeAll(others);
      long[] loops = own.stream().mapToLong(Long::longValue).toArray();
      assertTrue(loops.length > 0);
      List<Crowd.Member> members = new ArrayList<>();
      long few = leastAllocated(node, loops, crowd, members, FEW);
      long many = leastAllocated(node, loops, crowd, members, MANY);
      double perDelivery = (double) (many - few) / (MESSAGES * (MANY - FEW));
      assertTrue(
          perDelivery < 1,
          () ->
              MESSAGES
                  + " messages allocate "
                  + few
                  + " bytes for "
                  + FEW
                  + " connections, "
                  + many
                  + " for "
                  + MANY
                  + ": "
                  + perDelivery
                  + " a delivery");
    } finally {
      ResourceLeakDetector.setLevel(level);
    }
  }

  /** The least of some rounds: the first ones load classes and fill pools. */
  private long leastAllocated(
      FrontNode node, long[] loops, Crowd crowd, List<Crowd.Member> members, int connections) {
    int[] next = {published};
    while (members.size() < connections) {
      members.add(crowd.join(node.uri(), "topic=t", "", 0, next));
    }
    members.forEach(member -> Await.until("connected", () -> !member.control().isEmpty()));
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = allocated(loops);
      for (int i = 0; i < MESSAGES; i++) {
        node.publish("t", "a" + published++);
        // Each on its own: a queue that fills would be another test.
        for (Crowd.Member member : members) {
          while (member.next('a') < published) {
            LockSupport.parkNanos(20_000);
          }
        }
      }
      least = Math.min(least, allocated(loops) - before);
    }
    members.forEach(member -> assertTrue(member.fault().isEmpty(), member.fault()));
    return least;
  }

  private long allocated(long[] loops) {
    return Arrays.stream(threads.getThreadAllocatedBytes(loops)).sum();
  }

  private Set<Long> eventLoops() {
    Set<Long> ids = new HashSet<>();
    for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("vert.x-eventloop")) {
        ids.add(thread.getThreadId());
      }
    }
    return ids;
  }
}
