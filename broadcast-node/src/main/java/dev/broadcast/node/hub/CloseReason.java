package dev.broadcast.node.hub;

import java.util.Locale;

/** Why a stream ended; on the wire and in metrics in lower case with hyphens. */
public enum CloseReason {
  /** The client or the network. */
  GONE,
  /** A newer request has its connection id. */
  REPLACED,
  /** Nothing could be written for the write timeout. */
  WRITE_TIMEOUT,
  /** It read so slowly that history no longer holds what comes next. */
  BEHIND,
  /** The token ended with which it was opened. */
  EXPIRED,
  /** The node says goodbye. */
  DRAINING,
  /** What it was to end with came. */
  UNTIL,
  /** An administrator, or the program that the node is part of, ended it. */
  CLOSED;

  /** As clients and metrics call it. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
