package dev.broadcast.api.client;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The node refused a request, and would refuse it again: its problem document (RFC 9457). */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable String field;

  RefusedException(int status, String detail, @Nullable String field) {
    super(status + (field == null ? "" : " " + field) + ": " + detail);
    this.status = status;
    this.field = field;
  }

  /** What an answer says, whoever gave it. */
  static RefusedException of(int status, String body) {
    try {
      if (Json.parse(body) instanceof Map<?, ?> problem) {
        return of(status, problem);
      }
    } catch (InvalidMessageException e) {
      // Not the node's: something between gave this answer.
    }
    return new RefusedException(status, body.strip(), null);
  }

  static RefusedException of(int status, Map<?, ?> problem) {
    Object field = problem.get("field");
    return new RefusedException(
        status, String.valueOf(problem.get("detail")), field == null ? null : field.toString());
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The offending field, parameter or header, or null. */
  public @Nullable String field() {
    return field;
  }
}
