package dev.broadcast.node.backplane;

/**
 * The backplane did not answer, or not in a way that can be used. Passing, unless said otherwise.
 */
public class BackplaneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a cause: the message says all that is useful. */
  public BackplaneException(String message) {
    super(message);
  }
}
