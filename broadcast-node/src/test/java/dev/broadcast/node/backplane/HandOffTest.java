package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class HandOffTest {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Queue<Runnable> nextTurn = new ArrayDeque<>();
  private final List<List<Integer>> taken = new ArrayList<>();
  private final List<Integer> refused = new ArrayList<>();
  private boolean ended;
  private final HandOff<Integer> handOff =
      new HandOff<>(
          new HubThread(step -> give(tasks, step), step -> give(nextTurn, step)),
          taken::add,
          refused::add);

  @Test
  void nothingWaitsWhereNobodyElsePublishes() {
    offer(1);
    runTasks();
    offer(2);
    runTasks();

    assertEquals(List.of(List.of(1), List.of(2)), taken);
    assertEquals(0, nextTurn.size());
  }

  @Test
  void whatCameWhileTheThreadWasBusyIsHandedOverAtOnce() {
    offer(1, 2, 3);
    runTasks();

    assertEquals(List.of(List.of(1, 2, 3)), taken);
  }

  @Test
  void withinBurstTheFirstOneTakesWithItWhatStandsInTheSockets() {
    offer(1, 2);
    runTasks();

    offer(3);
    runTasks();
    offer(4, 5);
    turn();
    turn();

    assertEquals(List.of(List.of(1, 2), List.of(3, 4, 5)), taken);
  }

  @Test
  void burstThatGoesOnIsNotWaitedForForever() {
    offer(1, 2);
    runTasks();

    int turns = 0;
    for (offer(3), runTasks(); taken.size() == 1; turns++) {
      offer(10 + turns);
      turn();
    }

    assertEquals(4, turns);
    assertEquals(List.of(3, 10, 11, 12, 13), taken.get(1));
  }

  @Test
  void afterBurstNothingWaitsAgain() {
    offer(1, 2);
    runTasks();
    offer(3);
    runTasks();
    turn();

    offer(4);
    runTasks();

    assertEquals(List.of(List.of(1, 2), List.of(3), List.of(4)), taken);
  }

  @Test
  void whatWasGatheredIsHandedOverWhenTheThreadEnds() {
    offer(1, 2);
    runTasks();
    offer(3);
    ended = true;
    runTasks();
    offer(4);

    assertEquals(List.of(List.of(1, 2), List.of(3)), taken);
    assertEquals(List.of(4), refused);
  }

  private void offer(Integer... items) {
    for (Integer item : items) {
      handOff.offer(item);
    }
  }

  private void give(Queue<Runnable> queue, Runnable step) {
    if (ended) {
      throw new RejectedExecutionException();
    }
    queue.add(step);
  }

  private void runTasks() {
    for (Runnable next; (next = tasks.poll()) != null; ) {
      next.run();
    }
  }

  /** The thread has looked after its sockets. */
  private void turn() {
    for (int i = nextTurn.size(); i > 0; i--) {
      nextTurn.remove().run();
    }
    runTasks();
  }
}
