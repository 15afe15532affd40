package dev.broadcast.node.backplane;

/** Redis is there, in another shape than the settings say. */
final class WrongTopologyException extends BackplaneException {
  private static final long serialVersionUID = 1;

  WrongTopologyException(String message) {
    super(message);
  }
}
