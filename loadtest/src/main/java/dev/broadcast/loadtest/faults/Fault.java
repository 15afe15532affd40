package dev.broadcast.loadtest.faults;

import java.io.IOException;

/**
 * Something that goes wrong.
 *
 * @param shape what Redis it needs
 * @param name how it is asked for
 * @param description for people
 * @param loss what it may take from Redis
 * @param leastMillis the shortest that it lasts, where it lasts
 * @param mostMillis the longest
 * @param act lets it happen and puts the scene right again
 */
record Fault(
    Shape shape,
    String name,
    String description,
    Loss loss,
    int leastMillis,
    int mostMillis,
    Act act) {

  /** One for a single Redis, or for any. */
  Fault(String name, String description, Loss loss, int leastMillis, int mostMillis, Act act) {
    this(Shape.SERVER, name, description, loss, leastMillis, mostMillis, act);
  }

  /** What happens; ends with everything running again. */
  interface Act {
    void happen(Scene scene, Step step) throws IOException, InterruptedException;
  }

  /** One that takes nothing from Redis. */
  static Fault harmless(String name, String description, int least, int most, Act act) {
    return new Fault(name, description, Loss.NONE, least, most, act);
  }
}
