package dev.broadcast.testing;

import java.util.concurrent.Executor;

/** Where tests wait: a thread a task, since tasks that block each other starve a shared pool. */
public final class Threads {
  private Threads() {}

  /** A new daemon thread for every task. */
  public static Executor perTask() {
    return task -> {
      Thread thread = new Thread(task, "test-task");
      thread.setDaemon(true);
      thread.start();
    };
  }
}
