package dev.broadcast.node.ops;

/** How log lines look. */
public enum LogFormat {
  /** {@code key=value}, for people. */
  TEXT,
  /** One JSON object a line, for programs. */
  JSON
}
