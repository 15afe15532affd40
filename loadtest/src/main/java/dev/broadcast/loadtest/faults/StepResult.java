package dev.broadcast.loadtest.faults;

/**
 * How a step went.
 *
 * @param pauseMillis the longest time without a message at any client that was not slow itself
 * @param publishMillis the longest time in which no publish was acknowledged
 */
record StepResult(Step step, Verdict verdict, long pauseMillis, long publishMillis) {

  @Override
  public String toString() {
    return String.format(
        "  %s; pause %.1f s, publishing away %.1f s",
        verdict, pauseMillis / 1000.0, publishMillis / 1000.0);
  }
}
