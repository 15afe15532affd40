package dev.broadcast.node.http;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.broadcaster.UnknownTypeException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Thrown where a request turns out to be wrong; becomes a problem document in {@link Exchange}. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final boolean closes;
  private final long retryAfter;

  private Refusal(Problem problem, boolean closes, long retryAfter) {
    // No stack trace: it is an answer, not a fault.
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.closes = closes;
    this.retryAfter = retryAfter;
  }

  static Refusal of(int status, @Nullable String field, String detail) {
    return of(Problem.of(status, field, detail));
  }

  static Refusal of(Problem problem) {
    return new Refusal(problem, false, 1);
  }

  /** One after which the request cannot be read any further. */
  static Refusal closing(int status, @Nullable String field, String detail) {
    return new Refusal(Problem.of(status, field, detail), true, 1);
  }

  /** A publish of somebody who has published too much. */
  static Refusal tooMany(String detail, long retryAfter) {
    return new Refusal(new Problem(429, detail, null, Map.of("stored", "no")), false, retryAfter);
  }

  /** A message that the vocabulary or a handler did not let through: 422. */
  static Refusal notTaken(Throwable cause) {
    String why = String.valueOf(cause.getMessage());
    if (cause instanceof UnknownTypeException unknown) {
      String known = String.join(", ", unknown.known());
      return of(
          422,
          "type",
          Text.quoted(unknown.type())
              + " is not registered; known are unnamed events and "
              + known
              + "; PUT /event-types/TYPE registers one");
    }
    return of(new Problem(422, "a handler dropped it: " + why, null, Map.of("dropped", why)));
  }

  static Refusal badRequest(@Nullable String field, String detail) {
    return of(400, field, detail);
  }

  static Refusal of(InvalidMessageException invalid) {
    return badRequest(invalid.field(), detail(invalid));
  }

  /** The exception's message begins with the field, which stands in a member of its own. */
  static String detail(InvalidMessageException invalid) {
    String message = String.valueOf(invalid.getMessage());
    String prefix = invalid.field() + ": ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  Problem problem() {
    return problem;
  }

  boolean closes() {
    return closes;
  }

  /** When to come back, in seconds from 1; for answers that say so. */
  long retryAfter() {
    return retryAfter;
  }
}
