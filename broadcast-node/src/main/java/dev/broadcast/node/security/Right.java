package dev.broadcast.node.security;

/** What a caller may do. No right includes another. */
public enum Right {
  /** Nothing is needed: health. */
  NONE,
  /** Read streams, history and figures. */
  SUBSCRIBE,
  /** Publish messages. */
  PUBLISH,
  /** Clear histories, see and close connections of others. */
  ADMINISTER
}
