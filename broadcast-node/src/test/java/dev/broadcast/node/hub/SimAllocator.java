package dev.broadcast.node.hub;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Buffers on the heap, since there is no socket; remembers them, so that none is forgotten. */
final class SimAllocator extends AbstractByteBufAllocator {
  private final List<ByteBuf> made = new ArrayList<>();

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    ByteBuf buffer = new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
    made.add(buffer);
    return buffer;
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  /** How many were not given back. */
  long leaked() {
    return made.stream().filter(buffer -> buffer.refCnt() > 0).count();
  }
}
