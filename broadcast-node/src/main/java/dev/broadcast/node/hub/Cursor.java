package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.MessageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a stream: a position for each shard it knows of, and the suffix of a made connection
 * id. As text, opaque to clients: a message id, then {@code ~} and the id of a position in each
 * further shard, then {@code !} and the suffix (which is empty where only the mark is wanted), then
 * {@code $} if the stream ended there.
 *
 * @param positions at most one a shard, at least one
 * @param suffix of the made connection id that this cursor belongs to; empty if the node told this
 *     place to a connection with a given one; null if neither is known
 * @param ended whether the stream ended there as it was asked to
 */
record Cursor(List<MessageId> positions, @Nullable String suffix, boolean ended) {
  /** What marks the cursor of a stream that has ended. */
  static final char ENDED = '$';

  /** What marks a place that a node told, where an event's own id has none. */
  static final char TOLD = '!';

  /** The longest cursor that is read, in characters. */
  static final int MAX_LENGTH = 1024;

  private static final Pattern SUFFIX = Pattern.compile("[a-z0-9]{1,24}");

  Cursor {
    positions = List.copyOf(positions);
  }

  /** Of a stream that goes on. */
  Cursor(List<MessageId> positions, @Nullable String suffix) {
    this(positions, suffix, false);
  }

  /** Reads a cursor; empty for anything that {@link #toString} cannot have written. */
  static Optional<Cursor> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String suffix = null;
    boolean ended = !text.isEmpty() && text.charAt(text.length() - 1) == ENDED;
    String ids = ended ? text.substring(0, text.length() - 1) : text;
    int mark = ids.indexOf(TOLD);
    if (mark >= 0) {
      suffix = ids.substring(mark + 1);
      ids = ids.substring(0, mark);
      if (!suffix.isEmpty() && !SUFFIX.matcher(suffix).matches()) {
        return Optional.empty();
      }
    }
    List<MessageId> positions = new ArrayList<>();
    for (String id : ids.split("~", -1)) {
      Optional<MessageId> position = MessageId.parse(id);
      if (position.isEmpty()
          || positions.stream().anyMatch(p -> p.shard() == position.get().shard())) {
        return Optional.empty();
      }
      positions.add(position.get());
    }
    return Optional.of(new Cursor(positions, suffix, ended));
  }

  /** The position in a shard, if the cursor names one. */
  @Nullable MessageId in(int shard) {
    for (MessageId position : positions) {
      if (position.shard() == shard) {
        return position;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (MessageId position : positions) {
      out.append(out.length() == 0 ? "" : "~").append(position);
    }
    if (suffix != null) {
      out.append(TOLD).append(suffix);
    }
    if (ended) {
      out.append(ENDED);
    }
    return out.toString();
  }
}
