package dev.broadcast.loadtest.client;

/** What came from the server is not what HTTP or the plan allow. */
final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }
}
