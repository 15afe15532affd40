package dev.broadcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Thousands of streams read by one thread, each watched for gaps, doubles and swaps: the data of
 * what is published must be a letter, which names a series, and its number in that series from 0, then
 * whatever after a space. Any thread may ask.
 */
public final class Crowd implements AutoCloseable {
  private static final int SERIES = 26;

  private final Selector selector;
  private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
  private final byte[] bytes = new byte[256 << 10];
  private volatile boolean closed;

  public Crowd() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::run, "crowd");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Opens a stream.
   *
   * @param query behind {@code /events?}
   * @param lastEventId empty for none
   * @param receiveBuffer of its socket in bytes, 0 for the system's
   * @param next per series, from a on, the number expected first
   */
  public Member join(URI node, String query, String lastEventId, int receiveBuffer, int[] next) {
    try {
      SocketChannel channel = SocketChannel.open();
      if (receiveBuffer > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      }
      channel.connect(new InetSocketAddress(node.getHost(), node.getPort()));
      String cursor = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
      String head = "GET /events?" + query + " HTTP/1.1\r\nHost: localhost\r\n" + cursor + "\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      channel.configureBlocking(false);
      Member member = new Member(channel, lastEventId, next);
      members.add(member);
      step(() -> member.register(selector));
      return member;
    } catch (IOException e) {
      throw new UncheckedIOException(query, e);
    }
  }

  private void step(Runnable step) {
    steps.add(step);
    selector.wakeup();
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(key -> ((Member) key.attachment()).read());
        for (Runnable step = steps.poll(); step != null; step = steps.poll()) {
          step.run();
        }
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    members.forEach(Member::close);
    selector.wakeup();
  }

  /** One stream. Written by the crowd's thread. */
  public final class Member {
    private final SocketChannel channel;
    private final byte[] line = new byte[512];
    private final int[] next = new int[SERIES];
    private final List<String> control = new CopyOnWriteArrayList<>();
    private int length;
    private int counted;
    private boolean head = true;
    private String type = "";
    private String id;
    private String data = "";
    private volatile SelectionKey key;
    private volatile String cursor;
    private volatile String fault = "";
    private volatile int messages;
    private volatile boolean stalled;
    private volatile boolean ended;

    Member(SocketChannel channel, String lastEventId, int[] next) {
      this.channel = channel;
      this.cursor = lastEventId;
      this.id = lastEventId;
      System.arraycopy(next, 0, this.next, 0, next.length);
    }

    private void register(Selector selector) {
      try {
        key = channel.register(selector, SelectionKey.OP_READ, this);
      } catch (IOException e) {
        ended = true;
      }
    }

    /** Takes nothing off the socket any more. */
    public void stall() {
      stalled = true;
    }

    public void readAgain() {
      stalled = false;
      step(() -> key.interestOps(SelectionKey.OP_READ));
    }

    /** How much of what was published came. */
    public int messages() {
      return messages;
    }

    /** The number that must come next in a series. */
    public int next(char series) {
      // What is written before a volatile field is seen after it was read.
      return messages < 0 ? 0 : next[series - 'a'];
    }

    /** What was wrong with the order; empty if nothing. */
    public String fault() {
      return fault;
    }

    /** What a browser would send as {@code Last-Event-ID} now. */
    public String cursor() {
      return cursor;
    }

    /** The node's own events, {@code TYPE DATA}. */
    public List<String> control() {
      return control;
    }

    public boolean ended() {
      return ended;
    }

    private void read() {
      if (stalled) {
        key.interestOps(0);
        return;
      }
      try {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
          close();
          return;
        }
        buffer.flip();
        buffer.get(bytes, 0, count);
        take(count);
      } catch (IOException broken) {
        close();
      }
    }

    private void close() {
      ended = true;
      try {
        channel.close();
      } catch (IOException e) {
        // Gone is gone.
      }
    }

    private void take(int count) {
      int kept = length;
      for (int i = 0; i < count; i++) {
        byte b = bytes[i];
        if (b == '\n') {
          length = kept;
          line();
          kept = 0;
        } else if (kept < line.length) {
          line[kept++] = b;
        }
      }
      length = kept;
    }

    private void line() {
      if (head) {
        head = length > 1;
      } else if (length == 0) {
        dispatch();
      } else {
        switch (line[0]) {
          case 'i' -> id = text(4);
          case 'e' -> type = text(7);
          case 'd' -> data = text(6);
          default -> {
            // Comments and retry.
          }
        }
      }
    }

    private String text(int from) {
      int end = line[0] == 'd' && type.isEmpty() ? Math.min(length, from + 12) : length;
      return new String(line, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private void dispatch() {
      cursor = id;
      if (!type.isEmpty()) {
        control.add(type + " " + data);
      } else if (!data.isEmpty()) {
        int end = data.indexOf(' ');
        int number = Integer.parseInt(data.substring(1, end < 0 ? data.length() : end));
        int series = data.charAt(0) - 'a';
        if (number != next[series] && fault.isEmpty()) {
          fault = data + " came instead of " + next[series];
        }
        next[series] = number + 1;
        messages = ++counted;
      }
      type = "";
      data = "";
    }
  }
}
