package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Queue<Runnable> nextTurns = new ArrayDeque<>();
  private final Turns turns = new Turns(nextTurns::add);

  /** Counts the pages it is given; sends them when told to. */
  private static final class Sender implements Turns.Room {
    private int underWay;
    private int given;

    void page() {
      underWay++;
      given++;
    }

    @Override
    public int pagesUnderWay() {
      return underWay;
    }
  }

  @Test
  void aStormOfWalkersLeavesTheLoopAfterAFewPages() {
    Sender loop = new Sender();
    for (int i = 0; i < 1_000; i++) {
      turns.add(loop, loop::page);
    }

    assertEquals(0, loop.given, "before the loop looked after its sockets");
    turn();
    assertEquals(Turns.PAGES, loop.given);
    turn();
    assertEquals(Turns.PAGES, loop.given, "none was sent yet");

    loop.underWay = 0;
    turns.roomAgain();
    turn();
    assertEquals(2 * Turns.PAGES, loop.given);
  }

  @Test
  void everyWalkerHasItsTurnInOrderOfComing() {
    Sender loop = new Sender();
    Queue<Integer> served = new ArrayDeque<>();
    for (int i = 0; i < 500; i++) {
      int walker = i;
      turns.add(
          loop,
          () -> {
            served.add(walker);
            loop.page();
          });
    }

    for (int i = 0; i < 500 && served.size() < 500; i++) {
      turn();
      loop.underWay = 0;
      turns.roomAgain();
    }

    assertEquals(IntStream.range(0, 500).boxed().toList(), List.copyOf(served));
  }

  @Test
  void stepsThatBringNoPageDoNotKeepTheLoopEither() {
    Sender loop = new Sender();
    int[] asked = new int[1];
    for (int i = 0; i < 1_000; i++) {
      turns.add(loop, () -> asked[0]++);
    }

    turn();
    assertTrue(asked[0] >= 1 && asked[0] <= 100, () -> "steps of one turn: " + asked[0]);
    while (!nextTurns.isEmpty()) {
      turn();
    }
    assertEquals(1_000, asked[0]);
  }

  @Test
  void aLoopThatIsFullDoesNotHoldUpAnother() {
    Sender full = new Sender();
    Sender free = new Sender();
    full.underWay = Turns.PAGES;
    turns.add(full, full::page);
    turns.add(free, free::page);

    turn();

    assertEquals(0, full.given);
    assertEquals(1, free.given);
  }

  @Test
  void aStepThatFailsTakesNobodysTurn() {
    Sender loop = new Sender();
    turns.add(
        loop,
        () -> {
          throw new IllegalStateException("planted");
        });
    turns.add(loop, loop::page);

    turn();

    assertEquals(1, loop.given);
  }

  private void turn() {
    Queue<Runnable> now = new ArrayDeque<>(nextTurns);
    nextTurns.clear();
    now.forEach(Runnable::run);
  }
}
