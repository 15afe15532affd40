package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One open stream: reads its events and has each of the run's messages judged. */
final class Subscriber implements Peer, SseReader.Listener {
  private final LoadClient client;
  private final SocketChannel channel;
  private final ByteBuffer request;
  private final AnswerReader answer = new AnswerReader();
  private final SseReader events = new SseReader(this);
  private final DeliveryCheck check;
  private boolean opened;
  private boolean closed;

  Subscriber(LoadClient client, SocketChannel channel, ByteBuffer request, int publishers) {
    this.client = client;
    this.channel = channel;
    this.request = request;
    this.check = new DeliveryCheck(publishers);
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
      client.received();
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
    client.streamOpened();
  }

  @Override
  public void broken(Exception why) {
    close();
    client.streamEnded(opened, why);
  }

  @Override
  public void event(String type, byte[] data, int length) {
    Stamp stamp = client.stampOf(data, length);
    if (stamp != null) {
      if (check.received(stamp.publisher(), stamp.sequence())) {
        client.delivered();
      }
    }
  }

  @Override
  public void comment() {
    // A heartbeat says nothing that is measured.
  }

  DeliveryCheck check() {
    return check;
  }

  boolean isOpen() {
    return opened && !closed;
  }

  void close() {
    closed = true;
    Sockets.close(channel);
  }
}
