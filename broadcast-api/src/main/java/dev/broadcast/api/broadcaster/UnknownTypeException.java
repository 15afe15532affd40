package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A strict broadcaster was given a type that nobody registered; the message lists the known ones.
 */
public final class UnknownTypeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String type;
  private final String[] known;

  public UnknownTypeException(String type, Set<String> known) {
    super(
        "type: "
            + Json.quote(type)
            + " is not registered; known are "
            + String.join(", ", new TreeSet<>(known)));
    this.type = type;
    this.known = new TreeSet<>(known).toArray(String[]::new);
  }

  /** The type that is not known. */
  public String type() {
    return type;
  }

  /** The known ones, sorted. */
  public List<String> known() {
    return List.of(known);
  }
}
