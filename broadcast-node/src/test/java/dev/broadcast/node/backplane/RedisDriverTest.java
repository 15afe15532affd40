package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.TestRedis;
import io.lettuce.core.api.async.BaseRedisAsyncCommands;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On whose threads the driver's connections live. */
class RedisDriverTest {
  private static RedisAddress redis() {
    return RedisTopology.parse(TestRedis.url()).servers().get(0);
  }

  private static List<String> threadsOfAnswers(EventLoop loop) {
    var driver = new RedisDriver(RedisSettings.of(TestRedis.url()), loop);
    try {
      var connection = get(driver.connect(redis()).toCompletableFuture());
      var pubSub = get(driver.pubSub().connect(redis()).toCompletableFuture());
      return List.of(
          threadOfAnAnswer(loop, connection.async()), threadOfAnAnswer(loop, pubSub.async()));
    } finally {
      get(driver.close());
    }
  }

  private static String threadOfAnAnswer(EventLoop loop, BaseRedisAsyncCommands<?, ?> commands) {
    var thread = new CompletableFuture<String>();
    // Asked on the loop: an answer that came before somebody waits for it would be taken here.
    loop.execute(
        () -> {
          var unused =
              commands
                  .ping()
                  .whenComplete(
                      (pong, failure) -> thread.complete(Thread.currentThread().getName()));
        });
    return get(thread);
  }

  private static String nameOf(EventLoop loop) {
    var name = new CompletableFuture<String>();
    loop.execute(() -> name.complete(Thread.currentThread().getName()));
    return get(name);
  }

  private static void end(EventLoop loop) {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void connectionsLiveOnTheLoopThatIsGivenAndLeaveItRunning() {
    IoHandlerFactory factory =
        Transports.socketChannelClass() == EpollSocketChannel.class
            ? EpollIoHandler.newFactory()
            : NioIoHandler.newFactory();
    EventLoop loop = new MultiThreadIoEventLoopGroup(1, factory).next();
    try {
      assertEquals(List.of(nameOf(loop), nameOf(loop)), threadsOfAnswers(loop));
      assertFalse(loop.isShuttingDown());
      assertEquals(List.of(nameOf(loop), nameOf(loop)), threadsOfAnswers(loop));
    } finally {
      end(loop);
    }
  }

  @Test
  void onALoopOfAnotherTransportTheyHaveThreadsOfTheirOwn() {
    EventLoop loop = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory()).next();
    var driver = new RedisDriver(RedisSettings.of(TestRedis.url()), loop);
    try {
      // No socket of the driver's can live on that loop: connecting would fail.
      var connection = get(driver.connect(redis()).toCompletableFuture());
      var pubSub = get(driver.pubSub().connect(redis()).toCompletableFuture());
      assertTrue(connection.isOpen() && pubSub.isOpen());
    } finally {
      get(driver.close());
      end(loop);
    }
  }
}
