package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class HubThreadTest {
  @Test
  void itsTimersRunThoughAProgramBlocksTheCommonPool() throws InterruptedException {
    ForkJoinPool pool = ForkJoinPool.commonPool();
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < pool.getParallelism(); i++) {
        pool.execute(
            () -> {
              try {
                free.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      new HubThread(thread).later(Duration.ofMillis(20), ran::countDown);
      Assertions.assertTrue(ran.await(5, TimeUnit.SECONDS), "it waits for the pool");
    } finally {
      free.countDown();
      thread.shutdown();
    }
  }
}
