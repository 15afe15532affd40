package dev.broadcast.node.http;

import dev.broadcast.api.InvalidMessageException;
import org.jspecify.annotations.Nullable;

/** Thrown where a request turns out to be wrong; becomes a problem document in {@link Exchange}. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final boolean closes;

  private Refusal(Problem problem, boolean closes) {
    // No stack trace: it is an answer, not a fault.
    super(problem.detail(), null, false, false);
    this.problem = problem;
    this.closes = closes;
  }

  static Refusal of(int status, @Nullable String field, String detail) {
    return new Refusal(Problem.of(status, field, detail), false);
  }

  static Refusal of(Problem problem) {
    return new Refusal(problem, false);
  }

  /** One after which the request cannot be read any further. */
  static Refusal closing(int status, @Nullable String field, String detail) {
    return new Refusal(Problem.of(status, field, detail), true);
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
}
