package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final Arrivals.Line line = new Arrivals.Line(turns::add);
  private final List<Integer> heard = new ArrayList<>();

  @Test
  void thoseWhoComeAreHeardInTheirOrderSoManyPerTurn() {
    for (int i = 0; i < 2 * Arrivals.PER_TURN; i++) {
      int number = i;
      assertEquals(i < Arrivals.PER_TURN, line.await(() -> heard.add(number)), "soon");
    }
    assertEquals(List.of(), heard);

    turn();
    assertEquals(IntStream.range(0, Arrivals.PER_TURN).boxed().toList(), heard);
    turn();
    assertEquals(IntStream.range(0, 2 * Arrivals.PER_TURN).boxed().toList(), heard);
  }

  @Test
  void costsNothingWhileNobodyComes() {
    line.await(() -> {});
    turn();

    assertEquals(0, turns.size());
  }

  @Test
  void whatFailedKeepsNobodyBack() {
    line.await(
        () -> {
          throw new IllegalStateException("planted");
        });
    line.await(() -> heard.add(0));

    turn();
    assertEquals(List.of(0), heard);
  }

  private void turn() {
    int steps = turns.size();
    for (int i = 0; i < steps; i++) {
      turns.remove().run();
    }
  }
}
