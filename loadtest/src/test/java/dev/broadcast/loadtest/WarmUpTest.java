package dev.broadcast.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WarmUpTest {
  @Test
  void aProgramThatIsNeverFasterIsDoneAfterThreeRuns() {
    assertEquals(3, runs(12, 1.0, 1.02, 0.98, 1.0));
  }

  @Test
  void goesOnWhileItGetsCheaper() {
    assertEquals(6, runs(12, 9, 5, 3, 2.5, 2.45, 2.6, 2.5));
  }

  @Test
  void oneRunThatWasNoCheaperMayBeChance() {
    assertEquals(6, runs(12, 9, 5, 6, 3, 3, 3, 3));
  }

  @Test
  void creepingDownWithinWhatRunsDifferByIsSettled() {
    assertEquals(3, runs(12, 1.0, 0.97, 0.94, 0.91));
  }

  @Test
  void endsAtTheMost() {
    assertEquals(2, runs(2, 9, 5, 3));
    assertEquals(0, runs(0, 9));
  }

  @Test
  void aRunWithoutAFigureSettlesNothingAndEndsAtTheMost() {
    assertEquals(4, runs(4, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1));
  }

  private static int runs(int most, double... costs) {
    WarmUp.Course course = new WarmUp(most).new Course();
    int runs = 0;
    while (course.goesOn()) {
      course.ran(costs[runs++]);
    }
    return runs;
  }
}
