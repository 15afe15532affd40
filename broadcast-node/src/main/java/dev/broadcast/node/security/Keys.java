package dev.broadcast.node.security;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The static keys of a node, each null if not set. Their text is shown nowhere.
 *
 * @param subscribe may subscribe
 * @param publish may publish
 * @param admin may do all
 * @throws IllegalArgumentException if a key is empty, has other characters than visible ASCII, or
 *     stands twice
 */
public record Keys(@Nullable String subscribe, @Nullable String publish, @Nullable String admin) {
  /** No keys. */
  public static final Keys NONE = new Keys(null, null, null);

  public Keys {
    List<String> set = new ArrayList<>();
    add(set, "subscribe-key", subscribe);
    add(set, "publish-key", publish);
    add(set, "admin-key", admin);
    if (new HashSet<>(set).size() < set.size()) {
      throw new IllegalArgumentException("subscribe, publish and admin key must differ");
    }
  }

  /** Whether no key is set. */
  public boolean none() {
    return subscribe == null && publish == null && admin == null;
  }

  private static void add(List<String> set, String name, @Nullable String key) {
    if (key == null) {
      return;
    }
    if (key.isEmpty() || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException(
          name + ": at least one character, all of visible ASCII without spaces, expected");
    }
    set.add(key);
  }

  @Override
  public String toString() {
    return "Keys[subscribe="
        + shown(subscribe)
        + ", publish="
        + shown(publish)
        + ", admin="
        + shown(admin)
        + "]";
  }

  private static String shown(@Nullable String key) {
    return key == null ? "none" : "set";
  }
}
