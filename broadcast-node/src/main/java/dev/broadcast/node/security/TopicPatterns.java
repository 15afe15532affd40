package dev.broadcast.node.security;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which topics a credential is good for: names, and patterns whose last character is {@code *},
 * which stands for any rest. {@code orders/*} is good for {@code orders/7}, not for {@code orders}.
 *
 * @param all whether {@code *} is among them
 * @param names exact ones
 * @param prefixes what stands before the {@code *}
 */
public record TopicPatterns(boolean all, Set<String> names, List<String> prefixes) {
  /** Any topic. */
  public static final TopicPatterns ALL = new TopicPatterns(true, Set.of(), List.of());

  /** No topic. */
  public static final TopicPatterns NONE = new TopicPatterns(false, Set.of(), List.of());

  private static final int LONGEST = 255;

  public TopicPatterns {
    names = Set.copyOf(names);
    prefixes = List.copyOf(prefixes);
  }

  /**
   * Reads patterns.
   *
   * @throws IllegalArgumentException if one is empty, longer than a topic, or has a {@code *} that
   *     is not its last character
   */
  public static TopicPatterns of(List<String> patterns) {
    if (patterns.isEmpty()) {
      return NONE;
    }
    Set<String> names = new LinkedHashSet<>();
    Set<String> prefixes = new LinkedHashSet<>();
    for (String pattern : patterns) {
      int star = pattern.indexOf('*');
      if (pattern.isEmpty()
          || pattern.length() > LONGEST
          || (star >= 0 && star < pattern.length() - 1)) {
        throw new IllegalArgumentException(
            "a topic, or a pattern with * as its last character, expected");
      }
      if (star == 0) {
        return ALL;
      } else if (star > 0) {
        prefixes.add(pattern.substring(0, star));
      } else {
        names.add(pattern);
      }
    }
    return new TopicPatterns(false, names, List.copyOf(prefixes));
  }

  /** Whether a topic is one of them. */
  public boolean allows(String topic) {
    if (all || names.contains(topic)) {
      return true;
    }
    for (String prefix : prefixes) {
      if (topic.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every topic of {@code narrower} is one of these. */
  public boolean covers(TopicPatterns narrower) {
    if (all) {
      return true;
    }
    return !narrower.all
        && narrower.names.stream().allMatch(this::allows)
        && narrower.prefixes.stream().allMatch(p -> prefixes.stream().anyMatch(p::startsWith));
  }

  /** Whether no topic is one of them. */
  public boolean isEmpty() {
    return !all && names.isEmpty() && prefixes.isEmpty();
  }

  /** As they are written. */
  public List<String> toList() {
    if (all) {
      return List.of("*");
    }
    List<String> list = new ArrayList<>(names);
    prefixes.forEach(prefix -> list.add(prefix + "*"));
    return list;
  }
}
