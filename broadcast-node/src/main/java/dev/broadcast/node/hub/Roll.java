package dev.broadcast.node.hub;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections, each in a place of its own for as long as it is open: so a listing in
 * pages goes on where its last page ended, sees everybody who stays exactly once, and costs what
 * its page costs. Only on its loop.
 */
final class Roll {
  private @Nullable Connection[] places = new Connection[8];
  private int[] free = new int[0];
  private int freeCount;
  private int size;

  /** One more than the last place in use. */
  int size() {
    return size;
  }

  /** Who has that place, or null. */
  @Nullable Connection at(int place) {
    return place < size ? places[place] : null;
  }

  void add(Connection connection) {
    int place = freePlace();
    places[place] = connection;
    connection.place = place;
  }

  private int freePlace() {
    while (freeCount > 0) {
      int place = free[--freeCount];
      if (place < size && places[place] == null) {
        return place;
      }
    }
    if (size == places.length) {
      places = Arrays.copyOf(places, size + (size >> 1));
    }
    return size++;
  }

  void remove(Connection connection) {
    int place = connection.place;
    if (at(place) != connection) {
      return;
    }
    places[place] = null;
    if (place == size - 1) {
      while (size > 0 && places[size - 1] == null) {
        size--;
      }
      if (size == 0) {
        freeCount = 0;
      }
      return;
    }
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, Math.max(8, free.length * 2));
    }
    free[freeCount++] = place;
  }
}
