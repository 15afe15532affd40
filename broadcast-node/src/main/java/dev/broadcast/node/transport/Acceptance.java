package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * On a listening socket, where accepted ones pass by before anything is on them: guards each, and
 * stops accepting after a full batch until every event loop that got one has been round. In a storm
 * thousands would otherwise stand before the loop at once, and all that is published after them;
 * they stand in the kernel's queue instead. Only on the acceptor's thread.
 */
final class Acceptance extends ChannelInboundHandlerAdapter {
  /** Connections between two looks at the loops: about a millisecond of their time. */
  private static final int BATCH = 16;

  private final IncomingLimits limits;
  private final Arrivals arrivals;
  private final Set<EventLoop> loops = new HashSet<>();
  private int accepted;

  Acceptance(IncomingLimits limits, Arrivals arrivals) {
    this.limits = limits;
    this.arrivals = arrivals;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Channel channel) {
      channel.pipeline().addFirst(new ConnectionGuard(limits, arrivals));
    }
    ctx.fireChannelRead(message);
    if (message instanceof Channel channel && channel.isOpen()) {
      loops.add(channel.eventLoop());
      accepted++;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    if (accepted >= BATCH) {
      waitFor(Set.copyOf(loops), ctx.channel());
      accepted = 0;
      loops.clear();
    }
  }

  private static void waitFor(Set<EventLoop> busy, Channel listening) {
    listening.config().setAutoRead(false);
    AtomicInteger left = new AtomicInteger(busy.size());
    for (EventLoop loop : busy) {
      // Twice: what it is doing now, then the sockets just handed to it.
      loop.execute(
          () ->
              SocketTurns.next(
                  loop,
                  () -> {
                    if (left.decrementAndGet() == 0) {
                      listening.config().setAutoRead(true);
                    }
                  }));
    }
  }
}
