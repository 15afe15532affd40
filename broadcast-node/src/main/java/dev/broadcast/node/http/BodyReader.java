package dev.broadcast.node.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request body: bounded in size and time, and only if it is whole. Vert.x' own
 * BodyHandler is not used because it hands on a body whose chunks broke off as if it were complete.
 *
 * <p>After a refusal the rest is thrown away for a short while before the socket closes: closing
 * with unread bytes would reset the connection, and the client would lose the answer.
 */
final class BodyReader {
  private static final long LINGER_MILLIS = 2_000;

  private final Vertx vertx;
  private final HttpSettings settings;
  private final BodyDeadlines deadlines;

  BodyReader(Vertx vertx, HttpSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.deadlines = new BodyDeadlines(vertx, settings.bodyTimeout());
  }

  /**
   * Reads the body of a request none of which was read. Call it while the request is handled.
   *
   * @param whole gets the body; what it throws is answered
   */
  void read(Exchange exchange, Consumer<byte[]> whole) {
    HttpServerRequest request = exchange.request();
    long announced = announced(exchange.head());
    if (announced > settings.maxBody()) {
      giveUp(exchange, tooLarge());
      return;
    }
    if (expectsContinue(exchange)) {
      request.response().writeContinue();
    }
    new Reading(exchange, whole).start();
  }

  /** For a body that does not end as it should; the server closes the connection for it. */
  static Refusal broken() {
    return Refusal.closing(
        400, "body", "the body broke off, or its chunks are not those of RFC 9112, 7.1");
  }

  private static boolean expectsContinue(Exchange exchange) {
    String expect = exchange.head().get(Head.Field.EXPECT);
    if (expect == null || exchange.request().version() == HttpVersion.HTTP_1_0) {
      return false;
    }
    if (!expect.strip().equalsIgnoreCase("100-continue")) {
      throw Refusal.closing(417, "Expect", "only 100-continue can be expected");
    }
    return true;
  }

  private static long announced(Head head) {
    String length = head.get(Head.Field.CONTENT_LENGTH);
    if (length == null) {
      return 0;
    }
    if (length.isEmpty() || !Text.isDigits(length)) {
      throw Refusal.closing(400, "Content-Length", "a whole number expected");
    }
    return length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
  }

  private Refusal tooLarge() {
    return Refusal.closing(
        413, "body", "at most " + settings.maxBody() + " bytes; send less, or in several requests");
  }

  private void giveUp(Exchange exchange, Refusal refusal) {
    HttpServerRequest request = exchange.request();
    request.handler(rest -> {});
    request.exceptionHandler(gone -> {});
    request.endHandler(end -> Exchange.hangUp(request));
    exchange.fail(refusal);
    vertx.setTimer(LINGER_MILLIS, timer -> Exchange.hangUp(request));
  }

  /** One body on its way. */
  private final class Reading implements Handler<Void> {
    private final Exchange exchange;
    private final Consumer<byte[]> whole;
    private final Context context = vertx.getOrCreateContext();
    private BodyDeadlines.@Nullable Deadline deadline;
    private @Nullable Buffer first;
    private @Nullable Buffer joined;
    private int length;
    private boolean over;

    Reading(Exchange exchange, Consumer<byte[]> whole) {
      this.exchange = exchange;
      this.whole = whole;
    }

    void start() {
      deadline = deadlines.start(context, this::tooSlow);
      exchange.request().exceptionHandler(this::brokenOff);
      exchange.request().handler(this::part);
      exchange.request().endHandler(end -> complete());
    }

    private void part(Buffer part) {
      length += part.length();
      if (length > settings.maxBody()) {
        finish();
        giveUp(exchange, tooLarge());
      } else if (first == null) {
        first = part;
      } else {
        if (joined == null) {
          joined = Buffer.buffer(Math.max(2 * length, 4096)).appendBuffer(first);
        }
        joined.appendBuffer(part);
      }
    }

    private void complete() {
      if (over) {
        return;
      }
      finish();
      // In a turn of its own: as one tower of calls, from the socket to the backplane, the compiler
      // compiles what lies below anew at every level (0.3 to 0.6 s each in a node's first seconds).
      context.runOnContext(this);
    }

    @Override
    public void handle(Void turn) {
      Buffer body = joined != null ? joined : first;
      try {
        whole.accept(body == null ? new byte[0] : body.getBytes());
      } catch (RuntimeException e) {
        exchange.fail(e);
      }
    }

    private void tooSlow() {
      if (!over) {
        finish();
        giveUp(
            exchange,
            Refusal.closing(
                408,
                "body",
                "the body must be complete within " + settings.bodyTimeout().toSeconds() + " s"));
      }
    }

    private void brokenOff(Throwable cause) {
      if (!over) {
        finish();
        exchange.fail(broken());
        Exchange.hangUp(exchange.request());
      }
    }

    private void finish() {
      over = true;
      if (deadline != null) {
        deadline.met();
      }
    }
  }
}
