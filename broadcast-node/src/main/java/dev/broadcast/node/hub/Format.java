package dev.broadcast.node.hub;

/** What a client's {@code data} lines hold. */
public enum Format {
  /** The message's data: text as it is, anything else as compact JSON. */
  DATA,
  /** The whole message as JSON. */
  MESSAGE,
  /** What the program's element builder makes of the message. */
  HTML
}
