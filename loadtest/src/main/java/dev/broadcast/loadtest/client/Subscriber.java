package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One open stream: reads its events and hands them to its owner. */
final class Subscriber implements Peer, SseReader.Listener {
  /** Who is told what happens on a stream. */
  interface Owner {
    /** Bytes were just read: what they hold has arrived now. */
    default void received() {}

    /** The head came, and it is a stream. */
    void opened(Subscriber stream);

    /** One event; {@code data} is only valid during the call. */
    void event(Subscriber stream, String type, byte[] data, int length);

    /** The server ended it, or never opened it. */
    void ended(Subscriber stream, boolean wasOpen, Exception why);
  }

  private final Owner owner;
  private final SocketChannel channel;
  private final ByteBuffer request;
  private final int group;
  private final DeliveryCheck check;
  private final AnswerReader answer = new AnswerReader();
  private final SseReader events = new SseReader(this);
  private boolean opened;
  private boolean closed;

  /** {@code group} is the owner's: the stream's topic, or on which side of a comparison it is. */
  Subscriber(
      Owner owner, SocketChannel channel, ByteBuffer request, int group, DeliveryCheck check) {
    this.owner = owner;
    this.channel = channel;
    this.request = request;
    this.group = group;
    this.check = check;
  }

  /** The request that opens a stream; {@code lastEventId} is empty for a new client. */
  static byte[] request(String path, String lastEventId) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + (lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n")
            + "\r\n")
        .getBytes(US_ASCII);
  }

  @Override
  public void ready(SelectionKey key, ByteBuffer buffer) throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      key.interestOps(SelectionKey.OP_READ);
      while (request.hasRemaining()) {
        channel.write(request);
      }
      return;
    }
    int length;
    do {
      buffer.clear();
      length = channel.read(buffer);
      owner.received();
      if (length > 0) {
        answer.read(
            buffer.array(), buffer.arrayOffset(), buffer.arrayOffset() + length, events::read);
        if (!opened && answer.headComplete()) {
          open();
        }
      }
    } while (length == buffer.capacity());
    if (length < 0 || answer.complete()) {
      throw new ProtocolException("the server ended the stream");
    }
  }

  private void open() {
    if (answer.status() != 200 || !answer.header("content-type").startsWith("text/event-stream")) {
      throw new ProtocolException(
          "a stream was answered with " + answer.status() + " " + answer.header("content-type"));
    }
    opened = true;
    owner.opened(this);
  }

  @Override
  public void broken(Exception why) {
    close();
    owner.ended(this, opened, why);
  }

  @Override
  public void event(String type, byte[] data, int length) {
    owner.event(this, type, data, length);
  }

  @Override
  public void comment() {
    // A heartbeat says nothing that is measured.
  }

  int group() {
    return group;
  }

  DeliveryCheck check() {
    return check;
  }

  String lastEventId() {
    return events.lastEventId();
  }

  SocketChannel channel() {
    return channel;
  }

  boolean isOpen() {
    return opened && !closed;
  }

  void close() {
    closed = true;
    Sockets.close(channel);
  }
}
