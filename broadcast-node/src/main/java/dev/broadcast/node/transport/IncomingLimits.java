package dev.broadcast.node.transport;

import java.time.Duration;

/**
 * What a client may take on an HTTP/1.x connection, streams aside.
 *
 * @param head how long a head may take, from the connection's start or from its first byte
 * @param body how long the rest of a body may take whose request has its answer
 * @param maxBody how many bytes such a rest may have
 * @param idle how long nothing may be asked after an answer; zero for as long as it likes
 * @param open where connections are known as long as they are there
 */
public record IncomingLimits(
    Duration head, Duration body, long maxBody, Duration idle, OpenRequests open) {
  /** Limits of a server whose connections nobody has to know. */
  public IncomingLimits(Duration head, Duration body, long maxBody, Duration idle) {
    this(head, body, maxBody, idle, new OpenRequests());
  }

  public IncomingLimits {
    if (head.isZero() || head.isNegative() || body.isZero() || body.isNegative()) {
      throw new IllegalArgumentException("head and body: more than 0 expected");
    }
    if (maxBody < 0 || idle.isNegative()) {
      throw new IllegalArgumentException("maxBody and idle: not negative expected");
    }
  }
}
