package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One publishing connection: one request under way at most, its bytes made once and only the stamp
 * written anew.
 *
 * <p>A connection that the server ends between two answers is opened again; one that it ends
 * instead of answering counts as a refused publish.
 */
final class Publisher implements Peer {
  private final LoadClient client;
  private final InetSocketAddress target;
  private final Selector selector;
  private final int number;
  private final int run;
  private final ByteBuffer request;
  private final int stampAt;
  private final AnswerReader answer = new AnswerReader();
  private SocketChannel channel;
  private int published;
  private boolean waiting;

  Publisher(LoadClient client, LoadPlan plan, Selector selector, int number, int run)
      throws IOException {
    this.client = client;
    this.target = plan.target();
    this.selector = selector;
    this.number = number;
    this.run = run;
    byte[] head =
        ("POST "
                + plan.publishPath()
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + plan.format().contentType
                + "\r\nContent-Length: "
                + (plan.format().before.length()
                    + plan.messageBytes()
                    + plan.format().after.length())
                + "\r\n\r\n"
                + plan.format().before)
            .getBytes(US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head);
    bytes.writeBytes("x".repeat(plan.messageBytes()).getBytes(US_ASCII));
    bytes.writeBytes(plan.format().after.getBytes(US_ASCII));
    request = ByteBuffer.wrap(bytes.toByteArray());
    stampAt = head.length;
    channel = connect();
  }

  /** Sends the next message, which was due at that moment. Only when idle. */
  void send(long dueNanos) throws IOException {
    published++;
    Stamp.write(request.array(), stampAt, run, number, published, dueNanos);
    request.clear();
    waiting = true;
    try {
      channel.write(request);
      if (request.hasRemaining()) {
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  /** Messages sent, answered or not. */
  int published() {
    return published;
  }

  @Override
  public void ready(SelectionKey key, ByteBuffer buffer) throws IOException {
    if (key.isWritable()) {
      channel.write(request);
      if (!request.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ);
      }
    }
    if (!key.isReadable()) {
      return;
    }
    buffer.clear();
    int length = channel.read(buffer);
    if (length > 0) {
      answer.read(
          buffer.array(),
          buffer.arrayOffset(),
          buffer.arrayOffset() + length,
          (bytes, from, to) -> {});
    }
    if (answer.complete() || (length < 0 && answer.headComplete())) {
      answered(length < 0 || answer.closes());
    } else if (length < 0) {
      throw new ProtocolException("the server ended a publisher's connection");
    }
  }

  private void answered(boolean closes) throws IOException {
    int status = answer.status();
    answer.next();
    waiting = false;
    if (closes) {
      close();
      channel = connect();
    }
    client.publishAnswered(this, status);
  }

  @Override
  public void broken(Exception why) {
    boolean unanswered = waiting;
    waiting = false;
    answer.next();
    close();
    try {
      channel = connect();
    } catch (IOException e) {
      client.publisherGone(unanswered);
      return;
    }
    if (unanswered) {
      client.publishAnswered(this, 0);
    }
  }

  void close() {
    Sockets.close(channel);
  }

  private SocketChannel connect() throws IOException {
    SocketChannel connected = Sockets.connect(target);
    Sockets.watch(connected, selector, SelectionKey.OP_READ, this);
    return connected;
  }
}
