package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Names;
import dev.broadcast.api.Types;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of a broadcaster. Immutable: registering makes another one.
 *
 * @param strict whether only known types may be published; if not, the known ones are a remark
 * @param types the known types, the standard ones always among them
 */
public record EventTypes(boolean strict, Set<String> types) {
  public EventTypes {
    LinkedHashSet<String> all = new LinkedHashSet<>(Types.STANDARD);
    for (String type : types) {
      all.add(Names.type("type", type));
    }
    types = java.util.Collections.unmodifiableSet(all);
  }

  /** Everything may be published. */
  public static EventTypes permissive() {
    return new EventTypes(false, Set.of());
  }

  /** Only the standard types, these, and unnamed events may be published. */
  public static EventTypes strict(Collection<String> types) {
    return new EventTypes(true, new LinkedHashSet<>(types));
  }

  /**
   * With one more type.
   *
   * @throws dev.broadcast.api.InvalidMessageException if it is no type
   */
  public EventTypes with(String type) {
    LinkedHashSet<String> more = new LinkedHashSet<>(types);
    more.add(type);
    return new EventTypes(strict, more);
  }

  /**
   * Returns if a message of this type may be published.
   *
   * @param type null for an unnamed event, which always may
   * @throws UnknownTypeException if it may not
   */
  public void check(@Nullable String type) {
    if (strict && type != null && !types.contains(type)) {
      throw new UnknownTypeException(type, types);
    }
  }
}
