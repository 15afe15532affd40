package dev.broadcast.node.http;

import dev.broadcast.node.security.RequestHead;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request that anybody here looks at, read in one pass, and whether the request
 * may be acted on at all.
 *
 * <p>One pass, since every look into Vert.x' headers is a piece of code that the compiler copies to
 * where it is used: eight of them were most of what the first 50,000 connects made it compile.
 */
@SuppressWarnings("EnumOrdinal") // an index into an array that lives for one request
final class Head implements BiConsumer<String, String> {
  /** A header that anybody here looks at. */
  enum Field {
    HOST("Host"),
    ORIGIN("Origin"),
    SEC_FETCH_SITE("Sec-Fetch-Site"),
    AUTHORIZATION("Authorization"),
    COOKIE("Cookie"),
    ACCEPT("Accept"),
    LAST_EVENT_ID("Last-Event-ID"),
    IDEMPOTENCY_KEY("Idempotency-Key"),
    EXPECT("Expect"),
    CONTENT_TYPE("Content-Type"),
    CONTENT_ENCODING("Content-Encoding"),
    CONTENT_LENGTH("Content-Length"),
    TRANSFER_ENCODING("Transfer-Encoding");

    private final String wire;

    Field(String wire) {
      this.wire = wire;
    }
  }

  private static final Field[] FIELDS = Field.values();

  private final @Nullable String[] first = new @Nullable String[FIELDS.length];
  private @Nullable List<Field> moreFields;
  private @Nullable List<String> moreValues;

  private final boolean multiplexed;
  private int length;

  private Head(boolean multiplexed) {
    this.multiplexed = multiplexed;
  }

  /**
   * Reads the head of a request.
   *
   * @throws Refusal if the server let it pass but nobody should act on it
   */
  static Head of(HttpServerRequest request) {
    Head head = new Head(request.version() == HttpVersion.HTTP_2);
    request.headers().forEach(head);
    head.check(request);
    return head;
  }

  /** The next header. */
  @Override
  public void accept(String name, String value) {
    length += name.length() + value.length();
    if (name.isEmpty()) {
      throw Refusal.closing(400, "headers", "a name before each colon expected (RFC 9112, 5)");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        throw Refusal.closing(
            400, Text.shown(name), "control characters may not stand in a header");
      }
    }
    for (Field field : FIELDS) {
      if (field.wire.length() == name.length() && field.wire.equalsIgnoreCase(name)) {
        add(field, value);
      }
    }
  }

  private void add(Field field, String value) {
    if (first[field.ordinal()] == null) {
      first[field.ordinal()] = value;
      return;
    }
    if (moreFields == null || moreValues == null) {
      moreFields = new ArrayList<>();
      moreValues = new ArrayList<>();
    }
    moreFields.add(field);
    moreValues.add(value);
  }

  private void check(HttpServerRequest request) {
    if (multiplexed) {
      checkLength(request.uri());
    }
    HttpVersion version = request.version();
    if (version == HttpVersion.HTTP_1_1 && count(Field.HOST) != 1) {
      throw Refusal.closing(400, "Host", "once expected (RFC 9112, 3.2)");
    }
    if (version != HttpVersion.HTTP_1_0 && request.authority() == null) {
      throw Refusal.closing(400, "Host", "a name or address, and perhaps a port, expected");
    }
    String coding = get(Field.TRANSFER_ENCODING);
    if (coding != null
        && (count(Field.TRANSFER_ENCODING) > 1 || !coding.strip().equalsIgnoreCase("chunked"))) {
      throw Refusal.closing(400, "Transfer-Encoding", "chunked, and nothing else, expected");
    }
    if (get(Field.HOST) == null && multiplexed) {
      HostAndPort authority = request.authority();
      first[Field.HOST.ordinal()] = authority == null ? null : authority.toString();
    }
  }

  /**
   * HTTP/1.x ends in the codec at these bounds. That of HTTP/2 has wider ones, since beyond them it
   * says nothing, or ends the connection with all of its streams.
   */
  private void checkLength(@Nullable String uri) {
    if (uri != null && uri.length() > Requests.HEAD_BYTES) {
      throw Refusal.of(414, "request line", "at most 32 KiB");
    }
    if (length > Requests.HEAD_BYTES) {
      throw Refusal.of(431, "headers", "at most 32 KiB in all");
    }
  }

  /** Whether there may be a body, which can break off. */
  boolean mayHaveBody() {
    return multiplexed || get(Field.CONTENT_LENGTH) != null || get(Field.TRANSFER_ENCODING) != null;
  }

  /** The first value of a header, or null. */
  @Nullable String get(Field field) {
    return first[field.ordinal()];
  }

  /** The value of a header that may stand once, or null. */
  @Nullable String once(Field field) {
    int count = count(field);
    if (count > 1) {
      throw Refusal.badRequest(field.wire, "once expected, not " + count + " times");
    }
    return get(field);
  }

  /** All values of a header, in their order. */
  List<String> all(Field field) {
    String one = get(field);
    if (one == null) {
      return List.of();
    }
    if (moreFields == null || moreValues == null || !moreFields.contains(field)) {
      return List.of(one);
    }
    List<String> all = new ArrayList<>();
    all.add(one);
    for (int i = 0; i < moreFields.size(); i++) {
      if (moreFields.get(i) == field) {
        all.add(moreValues.get(i));
      }
    }
    return all;
  }

  private int count(Field field) {
    return moreFields == null ? (get(field) == null ? 0 : 1) : all(field).size();
  }

  /** What decides whether the request may be made. */
  RequestHead forGuard() {
    return new RequestHead(
        get(Field.HOST),
        once(Field.ORIGIN),
        once(Field.SEC_FETCH_SITE),
        once(Field.AUTHORIZATION),
        all(Field.COOKIE));
  }
}
