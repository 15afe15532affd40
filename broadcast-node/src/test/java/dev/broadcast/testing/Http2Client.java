package dev.broadcast.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection in the clear, down to the frame (RFC 9113), so that a test decides which
 * stream is read and when a window is opened again. As most clients do, it opens one again when
 * half of it has been read. Read by a thread of its own; any thread may look.
 */
public final class Http2Client implements AutoCloseable {
  /** A window nobody asked to change. */
  public static final int DEFAULT_WINDOW = 65_535;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;
  private final String authority;
  private final Window window;
  private final int streamWindow;
  private final boolean creditsAll;
  private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();
  private int nextId = 1;
  private final List<GoAway> goAways = new CopyOnWriteArrayList<>();
  private volatile @Nullable String end;

  /**
   * That the server wants no more streams here.
   *
   * @param last the last stream that it answers
   * @param open how many had not ended when it said so
   */
  public record GoAway(int last, long open) {}

  /**
   * @param connectionWindow in bytes, at least {@link #DEFAULT_WINDOW}
   * @param streamWindow likewise; opened further when the stream is there, as Firefox does
   * @param creditsAll whether what comes counts as read for the connection even if the stream it
   *     came on is not read
   */
  public Http2Client(URI node, int connectionWindow, int streamWindow, boolean creditsAll)
      throws IOException {
    this.streamWindow = streamWindow;
    this.creditsAll = creditsAll;
    authority = node.getAuthority();
    window = new Window(0, connectionWindow);
    socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), 5_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    frame(SETTINGS, 0, 0, new byte[0]);
    if (connectionWindow > DEFAULT_WINDOW) {
      credit(0, connectionWindow - DEFAULT_WINDOW);
    }
    out.flush();
    Thread thread = new Thread(this::read, "http2-client");
    thread.setDaemon(true);
    thread.start();
  }

  /** What the server said about streams to come; nothing as long as it takes any. */
  public List<GoAway> goAways() {
    return goAways;
  }

  /** How the connection ended; null while it is open. */
  public @Nullable String end() {
    return end;
  }

  /** A POST of JSON whose body is {@link Stream#send sent} later. */
  public Stream post(String target) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(0x83); // :method POST
    head.write(0x86);
    literal(head, 4, target);
    literal(head, 1, authority);
    literal(head, 0, "content-type", "application/json");
    try {
      return open(head, END_HEADERS, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A GET. */
  public Stream get(String target, String lastEventId, boolean reads) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(0x82); // :method GET, from the static table (RFC 7541)
    head.write(0x86); // :scheme http
    literal(head, 4, target);
    literal(head, 1, authority);
    if (!lastEventId.isEmpty()) {
      literal(head, 0, "last-event-id", lastEventId);
    }
    try {
      return open(head, END_STREAM | END_HEADERS, reads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream open(ByteArrayOutputStream head, int flags, boolean reads) throws IOException {
    synchronized (out) {
      Stream stream = new Stream(nextId, reads);
      nextId += 2;
      streams.put(stream.id, stream);
      frame(HEADERS, flags, stream.id, head.toByteArray());
      if (streamWindow > DEFAULT_WINDOW) {
        credit(stream.id, streamWindow - DEFAULT_WINDOW);
      }
      out.flush();
      return stream;
    }
  }

  private static void literal(ByteArrayOutputStream head, int unnamed, String name, String value) {
    head.write(unnamed);
    text(head, name);
    text(head, value);
  }

  private static void literal(ByteArrayOutputStream head, int name, String value) {
    head.write(name);
    text(head, value);
  }

  private static void text(ByteArrayOutputStream head, String value) {
    if (value.length() > 126) {
      throw new IllegalArgumentException("too long for one length byte: " + value);
    }
    head.write(value.length());
    head.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  /** What has been read of a window since it was opened again last. Guarded by out. */
  private final class Window {
    private final int stream;
    private final int size;
    private int read;

    Window(int stream, int size) {
      this.stream = stream;
      this.size = size;
    }

    void read(int bytes) throws IOException {
      read += bytes;
      if (size - read <= size / 2) {
        credit(stream, read);
        read = 0;
      }
    }
  }

  /** One stream: what came of its body while it was read. */
  public final class Stream {
    private final int id;
    private final Window own;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private boolean reads;
    private boolean reset;
    private boolean ended;

    Stream(int id, boolean reads) {
      this.id = id;
      this.own = new Window(id, streamWindow);
      this.reads = reads;
    }

    /** What was read. */
    public synchronized String text() {
      return body.toString(StandardCharsets.UTF_8);
    }

    public synchronized int length() {
      return body.size();
    }

    /** What came after it was stalled. */
    public synchronized int unread() {
      return unread.size();
    }

    /** Whether the server cancelled it. */
    public synchronized boolean reset() {
      return reset;
    }

    public synchronized boolean ended() {
      return ended || reset;
    }

    /** Leaves what comes from now on unread. */
    public synchronized void stall() {
      reads = false;
    }

    /** Sends a part of a request's body. */
    public void send(String text, boolean last) {
      try {
        synchronized (out) {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          frame(DATA, last ? END_STREAM : 0, id, bytes);
          out.flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Reads so much of what is there; all with {@link Integer#MAX_VALUE}. */
    public void read(int most) {
      try {
        synchronized (out) {
          int length;
          synchronized (this) {
            byte[] there = unread.toByteArray();
            length = Math.min(most, there.length);
            body.write(there, 0, length);
            unread.reset();
            unread.write(there, length, there.length - length);
          }
          own.read(length);
          if (!creditsAll) {
            window.read(length);
          }
          out.flush();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void came(byte[] bytes) throws IOException {
      boolean read;
      synchronized (this) {
        read = reads;
        (read ? body : unread).writeBytes(bytes);
      }
      if (read) {
        own.read(bytes.length);
      }
      if (read || creditsAll) {
        window.read(bytes.length);
      }
    }

    private void reset(boolean byServer) throws IOException {
      int forgotten;
      synchronized (this) {
        reset = byServer;
        ended = true;
        forgotten = unread.size();
      }
      if (!creditsAll) {
        window.read(forgotten);
      }
    }
  }

  private void credit(int stream, int bytes) throws IOException {
    frame(
        WINDOW_UPDATE,
        0,
        stream,
        new byte[] {(byte) (bytes >> 24), (byte) (bytes >> 16), (byte) (bytes >> 8), (byte) bytes});
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    synchronized (out) {
      out.writeByte(payload.length >> 16);
      out.writeShort(payload.length);
      out.writeByte(type);
      out.writeByte(flags);
      out.writeInt(stream);
      out.write(payload);
    }
  }

  private void read() {
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        Stream stream = streams.get(in.readInt());
        byte[] payload = in.readNBytes(length);
        synchronized (out) {
          take(type, flags, stream, payload);
          if (in.available() == 0) {
            out.flush();
          }
        }
      }
    } catch (IOException e) {
      end = e.toString();
      streams.values().forEach(Http2Client::end);
    }
  }

  private void take(int type, int flags, Stream stream, byte[] payload) throws IOException {
    switch (type) {
      case DATA -> {
        stream.came(payload);
        if ((flags & END_STREAM) != 0) {
          end(stream);
        }
      }
      case RESET -> stream.reset(true);
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          frame(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(PING, ACK, 0, payload);
        }
      }
      case GOAWAY -> {
        int last = ByteBuffer.wrap(payload).getInt();
        goAways.add(new GoAway(last, streams.values().stream().filter(s -> !s.ended()).count()));
      }
      default -> {
        // Heads, and windows of what is never sent.
      }
    }
  }

  private static void end(Stream stream) {
    synchronized (stream) {
      stream.ended = true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It was on its way out anyway.
    }
  }
}
