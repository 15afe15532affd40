package dev.broadcast.node.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Finds out whether an HTTP/2 connection whose window is used up, though somebody waits for it, is
 * slow or unread: a PING follows what is under way. If neither its answer nor a {@linkplain
 * #PATIENCE while} bring credit, the client has received everything and does not read it. Only on
 * the connection's event loop.
 */
final class Http2Relief {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

  /**
   * Where one has just given way and that was not enough, and the next is surely unread. Of one
   * that may be read it would be too little: a busy client needs longer to say so.
   */
  private static final long LESS_PATIENCE = PATIENCE / 10;

  private static final long JUST_NOW = 10 * PATIENCE;

  /** Tells our PINGs from Vert.x'. */
  private static final long PING = 0x6272_6f61_6463_6173L;

  private final ChannelHandlerContext ctx;
  private final Http2ConnectionEncoder encoder;
  private final BooleanSupplier isStarved;
  private final BooleanSupplier isSure;
  private final Runnable giveWay;
  private boolean asking;
  private boolean starved;
  private long starvedSince;
  private long gaveWay;

  /**
   * @param isStarved whether somebody waits for a window that is used up
   * @param isSure whether what is to give way is surely unread
   * @param giveWay ends what keeps it
   */
  Http2Relief(
      ChannelHandlerContext ctx,
      Http2ConnectionEncoder encoder,
      BooleanSupplier isStarved,
      BooleanSupplier isSure,
      Runnable giveWay) {
    this.ctx = ctx;
    this.encoder = encoder;
    this.isStarved = isStarved;
    this.isSure = isSure;
    this.giveWay = giveWay;
    this.gaveWay = System.nanoTime() - JUST_NOW;
  }

  /** To be called when something was sent, or somebody began to wait. */
  void check() {
    if (!isStarved.getAsBoolean()) {
      starved = false;
      return;
    }
    if (!starved) {
      starved = true;
      starvedSince = System.nanoTime();
    }
    if (!asking) {
      asking = true;
      var unused = encoder.writePing(ctx, false, PING, ctx.newPromise());
      ctx.flush();
    }
  }

  /**
   * The answer to a PING came: the client has received all that was sent before it.
   *
   * @return whether it was one of ours
   */
  boolean answered(long data) {
    if (data != PING) {
      return false;
    }
    if (starved && isStarved.getAsBoolean()) {
      long now = System.nanoTime();
      boolean quick = now - gaveWay < JUST_NOW && isSure.getAsBoolean();
      long left = starvedSince + (quick ? LESS_PATIENCE : PATIENCE) - now;
      if (left > 0) {
        var unused = ctx.executor().schedule(this::askAgain, left, TimeUnit.NANOSECONDS);
        return true;
      }
      gaveWay = now;
      giveWay.run();
    }
    askAgain();
    return true;
  }

  private void askAgain() {
    asking = false;
    check();
  }
}
