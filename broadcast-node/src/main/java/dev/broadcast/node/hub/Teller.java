package dev.broadcast.node.hub;

import dev.broadcast.api.EventEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection is told for itself, in its own bytes: control events, fresh cursors, pages of
 * history. Knows which cursor the client holds. Only on the connection's event loop.
 */
final class Teller {
  private static final ByteBuf HEARTBEAT = comment("heartbeat");
  private static final ByteBuf NO_BACKPLANE =
      comment("the backplane cannot be reached; messages follow when it is back");
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Two pages that were given the same id take it from each other; let them do so slowly. */
  private static final Duration RETRY_REPLACED = Duration.ofSeconds(5);

  private final Loop loop;
  private final Cohort cohort;
  private final StreamRequest request;
  private final String connectionId;
  private final SendQueue queue;
  private boolean connected;
  private boolean waits;
  private long told;

  Teller(Loop loop, Cohort cohort, StreamRequest request, String connectionId, SendQueue queue) {
    this.loop = loop;
    this.cohort = cohort;
    this.request = request;
    this.connectionId = connectionId;
    this.queue = queue;
  }

  /** The first event, while the place is still looked up, if the client brought a cursor. */
  void connectedWithCursor() {
    String cameWith = cameWith();
    if (cameWith != null && Cursor.parse(cameWith).isPresent()) {
      connected(cameWith);
    } else if (cameWith != null) {
      // It cannot be read: the reset that follows begins at the oldest kept.
      Selection selection = cohort.selection();
      connected(
          loop.knows(selection) ? cohort.cursors().at(new long[selection.shards().size()]) : null);
    }
  }

  /** The first event, if it was not sent yet: the stream starts after this place. */
  void connected(long[] at) {
    if (!connected) {
      connected(cohort.cursors().at(at) + suffixMark());
      told = Cursors.sum(at);
    }
  }

  private void connected(@Nullable String cursor) {
    connected = true;
    send(ControlEvents.connected(cursor, connectionId, request, loop.hub()));
  }

  /**
   * The resets of a page. Only with the last one the client gets a cursor past them: who is cut
   * between two comes back for the second.
   *
   * @param before where the connection stood; empty if that is the cursor it came with
   */
  void resets(Page page, long[] before) {
    List<Reset> resets = page.resets();
    String cameWith = cameWith();
    String cursor =
        before.length == 0 && cameWith != null
            ? cameWith
            : cohort.cursors().at(before.length == 0 ? page.from() : before) + suffixMark();
    for (int i = 0; i < resets.size() - 1; i++) {
      reset(resets.get(i), cursor);
    }
    if (!resets.isEmpty()) {
      reset(resets.get(resets.size() - 1), page.from());
    }
  }

  /** For which topics the cursor is not honoured; the stream goes on after {@code at}. */
  void reset(Reset reset, long[] at) {
    reset(reset, cohort.cursors().at(at) + suffixMark());
    told = Cursors.sum(at);
  }

  private void reset(Reset reset, String cursor) {
    loop.hub().metrics().reset();
    send(ControlEvents.reset(cursor, reset, shortCameWith()));
  }

  /** A fresh cursor: everything up to there is behind the client. */
  void position(long[] at) {
    send(EventEncoder.idOnly(cohort.cursors().at(at) + suffixMark()));
    told = Cursors.sum(at);
  }

  /** Whether the client was told anything yet. */
  boolean begun() {
    return connected;
  }

  /** Whether the client's cursor is older than this place. */
  boolean toldLess(long[] at) {
    return Cursors.sum(at) > Math.max(told, cohort.told());
  }

  /** A message sent to this connection alone named this place. */
  void told(long[] at) {
    told = Cursors.sum(at);
  }

  /**
   * Those messages of a page that are for this connection, and a cursor where others passed.
   *
   * @return where the stream ends, or null if it goes on
   */
  long @Nullable [] page(Page page) {
    Cursors cursors = cohort.cursors();
    long[] at = page.from().clone();
    List<byte[]> parts = new ArrayList<>();
    boolean ends = false;
    for (Event event : page.events()) {
      at[cohort.selection().indexOf(event.shard())] = event.sequence();
      if (cohort.selection().matches(event.payload(), connectionId)) {
        parts.add(cursors.encode(event, at));
        told(at);
        if (cohort.selection().ends(event.payload())) {
          ends = true;
          break;
        }
      }
    }
    int messages = parts.size();
    if (ends) {
      // Nothing further is told but the end.
    } else if (messages < page.events().size() || (messages == 0 && !page.complete())) {
      parts.add(EventEncoder.idOnly(cursors.at(page.upTo()) + suffixMark()));
      told(page.upTo());
    }
    if (!parts.isEmpty()) {
      int size = parts.stream().mapToInt(part -> part.length).sum();
      ByteBuf bytes = loop.allocator().directBuffer(size);
      parts.forEach(bytes::writeBytes);
      queue.send(bytes, messages, loop.nanoTime());
      bytes.release();
      loop.hub().metrics().replayed(messages, size);
    }
    return ends ? at : null;
  }

  /**
   * The latest messages of a throttled connection. No cursor passes one that is not sent yet.
   *
   * @param events shard after shard, each ascending
   * @param at where the client stands before them, one a shard
   */
  void latest(List<Event> events, long[] at) {
    List<byte[]> parts = new ArrayList<>();
    for (Event event : events) {
      at[cohort.selection().indexOf(event.shard())] = event.sequence();
      parts.add(cohort.cursors().encode(event, at));
    }
    int size = parts.stream().mapToInt(part -> part.length).sum();
    ByteBuf bytes = loop.allocator().directBuffer(size);
    parts.forEach(bytes::writeBytes);
    queue.send(bytes, parts.size(), loop.nanoTime());
    bytes.release();
    told(at);
    loop.hub().metrics().delivered(parts.size(), size);
  }

  /** The stream ends as it was asked to: who comes back with this cursor is told so again. */
  void ended(long[] at) {
    closing(CloseReason.UNTIL);
    send(EventEncoder.idOnly(cohort.cursors().at(at) + suffixMark() + Cursor.ENDED));
  }

  void heartbeat() {
    if (request.extras().heartbeatEvents()) {
      send(ControlEvents.heartbeat(System.currentTimeMillis()));
    } else {
      queue.send(HEARTBEAT, loop.nanoTime());
    }
  }

  /** Nothing comes because the backplane is gone; said once. */
  void noBackplane() {
    if (!waits) {
      waits = true;
      queue.send(NO_BACKPLANE, loop.nanoTime());
    }
  }

  void closing(CloseReason reason) {
    send(
        ControlEvents.closing(
            reason.wire(), reason == CloseReason.REPLACED ? RETRY_REPLACED : RETRY));
  }

  private void send(byte[] block) {
    queue.send(Unpooled.wrappedBuffer(block), loop.nanoTime());
  }

  private @Nullable String cameWith() {
    return request.start() instanceof StreamRequest.Start.After after ? after.cursor() : null;
  }

  private @Nullable String shortCameWith() {
    String text = cameWith();
    return text != null && text.length() > Cursor.MAX_LENGTH
        ? text.substring(0, Cursor.MAX_LENGTH)
        : text;
  }

  /**
   * What lets a client with a made id have it again; and what tells the place where a stream stands
   * from the event there, which may be one that ends such streams, sent before this one began.
   */
  private String suffixMark() {
    if (request.id() == null) {
      return Cursor.TOLD + connectionId.substring(request.kind().length() + 1);
    }
    return request.extras().until().isEmpty() ? "" : String.valueOf(Cursor.TOLD);
  }

  private static ByteBuf comment(String text) {
    byte[] bytes = (": " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
    ByteBuf direct = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    return Unpooled.unreleasableBuffer(direct.asReadOnly());
  }
}
