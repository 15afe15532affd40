package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One publishing connection: one request under way at most, its bytes made once and only stamps and
 * topic written anew.
 *
 * <p>A connection that the server ends between two answers is opened again; one that it ends
 * instead of answering counts as a refused publish.
 */
final class Publisher implements Peer {
  /** Who is told what becomes of a publish. */
  interface Owner {
    /** A publish was answered, or with status 0 will not be. */
    void answered(Publisher publisher, int status);

    /** The server takes no connections any more. */
    void gone(boolean unanswered);
  }

  private static final int TOPIC_DIGITS = 4;

  private final Owner owner;
  private final InetSocketAddress target;
  private final Loop loop;
  private final int number;
  private final int run;
  private final ByteBuffer request;
  private final int[] topicAt;
  private final int[] stampAt;
  private final AnswerReader answer = new AnswerReader();
  private final int[] published;
  private SocketChannel channel;
  private boolean waiting;

  /** {@code topics} as in {@link LoadPlan.Streams}. */
  Publisher(
      Owner owner,
      InetSocketAddress target,
      LoadPlan.Publishing plan,
      int topics,
      Loop loop,
      int number,
      int run)
      throws IOException {
    this.owner = owner;
    this.target = target;
    this.loop = loop;
    this.number = number;
    this.run = run;
    published = new int[Math.max(1, topics)];
    String topic = topics == 0 ? "" : LoadPlan.Streams.topic(0);
    String before = plan.format().before(topic);
    int item = before.length() + plan.messageBytes() + plan.format().after().length();
    String head =
        "POST "
            + plan.format().path(plan.path(), topic)
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + plan.format().contentType()
            + "\r\nContent-Length: "
            + plan.batch() * item
            + "\r\n\r\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(US_ASCII));
    stampAt = new int[plan.batch()];
    topicAt = new int[topic.isEmpty() ? 0 : plan.batch()];
    int digits = (head + before).indexOf(topic) + topic.length() - TOPIC_DIGITS;
    for (int i = 0; i < stampAt.length; i++) {
      if (i < topicAt.length) {
        topicAt[i] = digits + i * item;
      }
      bytes.writeBytes(before.getBytes(US_ASCII));
      stampAt[i] = bytes.size();
      bytes.writeBytes("x".repeat(plan.messageBytes()).getBytes(US_ASCII));
      bytes.writeBytes(plan.format().after().getBytes(US_ASCII));
    }
    request = ByteBuffer.wrap(bytes.toByteArray());
    channel = connect();
  }

  /**
   * Sends the next message, or batch, all to one topic, which was due at that moment. Only when
   * idle.
   */
  void send(long dueNanos, int topic) throws IOException {
    for (int at : stampAt) {
      published[topic]++;
      Stamp.write(request.array(), at, run, number, published[topic], dueNanos);
    }
    for (int at : topicAt) {
      int rest = topic;
      for (int i = TOPIC_DIGITS - 1; i >= 0; i--) {
        request.array()[at + i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    request.clear();
    waiting = true;
    try {
      channel.write(request);
      if (request.hasRemaining()) {
        channel.keyFor(loop.selector()).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    } catch (IOException e) {
      broken(e);
    }
  }

  /** Messages sent to a topic, answered or not. */
  int published(int topic) {
    return published[topic];
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
    owner.answered(this, status);
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
      owner.gone(unanswered);
      return;
    }
    if (unanswered) {
      owner.answered(this, 0);
    }
  }

  void close() {
    Sockets.close(channel);
  }

  private SocketChannel connect() throws IOException {
    SocketChannel connected = Sockets.connect(target);
    Sockets.watch(connected, loop.selector(), SelectionKey.OP_READ, this);
    return connected;
  }
}
