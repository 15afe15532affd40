package dev.broadcast.node.hub;

/** Something that must never happen did. */
final class SimFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SimFailure(String message) {
    super(message);
  }
}
