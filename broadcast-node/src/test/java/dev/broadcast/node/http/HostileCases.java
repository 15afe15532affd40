package dev.broadcast.node.http;

import dev.broadcast.node.http.HostileRequestsTest.Case;
import java.util.List;

/** The requests of {@link HostileRequestsTest}. Characters are bytes. */
final class HostileCases {
  private static final String HOST = "Host: localhost\r\n";

  private HostileCases() {}

  static String call(String method, String target, String... headers) {
    return method + " " + target + " HTTP/1.1\r\n" + HOST + lines(headers) + "\r\n";
  }

  static String get(String target, String... headers) {
    return call("GET", target, headers);
  }

  static String post(String target, String type, String body, String... headers) {
    return "POST "
        + target
        + " HTTP/1.1\r\n"
        + HOST
        + "Content-Type: "
        + type
        + "\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n"
        + lines(headers)
        + "\r\n"
        + body;
  }

  static String post(String type, String body) {
    return post("/events", type, body);
  }

  static String json(String body, String... headers) {
    return post("/events", "application/json", body, headers);
  }

  private static String send(String body) {
    return post("/send", "application/json", body);
  }

  private static String chunked(String chunks) {
    return "POST /events HTTP/1.1\r\n"
        + HOST
        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunks;
  }

  private static String lines(String... headers) {
    return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
  }

  static Case bad(String name, String request, String field) {
    return new Case(name, request, 400, field);
  }

  static Case told(int status, String name, String request, String field) {
    return new Case(name, request, status, field);
  }

  static List<Case> heads() {
    String nul = "GET /status HTTP/1.1\r\n" + HOST + "X-A: a\0b\r\n\r\n";
    return List.of(
        bad("no HTTP at all", "hello\r\n\r\n", "headers"),
        bad("a NUL in a header", nul, "headers"),
        bad("a control character in a header", get("/status", "X-A: a\u0001b"), "headers"),
        bad("a bare CR in a header", get("/status", "X-A: a\rb"), "headers"),
        bad("a header without a colon", get("/status", "nonsense"), "headers"),
        bad("a header name with a space", get("/status", "X A: b"), "headers"),
        bad("a space before the colon", get("/status", "X-A : b"), "headers"),
        bad("no Host", "GET /status HTTP/1.1\r\n\r\n", "Host"),
        bad("a header without a name", get("/status", ": b"), "headers"),
        bad("two Hosts", get("/status", "Host: localhost"), "Host"),
        told(403, "a foreign Host", "GET /status HTTP/1.1\r\nHost: evil.example\r\n\r\n", "Host"),
        told(
            403,
            "a Host like a loopback name",
            "GET /status HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n",
            "Host"),
        told(431, "headers beyond 32 KiB", get("/status", "X-A: " + "a".repeat(40_000)), "headers"),
        told(414, "a URL beyond 32 KiB", get("/status?" + "a".repeat(40_000)), "request line"),
        told(404, "an unknown path", get("/nothing"), "path"),
        told(404, "no file of the page", get("/page/x.js"), "path"),
        told(404, "a path with a slash too many", get("/events/"), "path"),
        told(404, "another case", get("/Events"), "path"),
        told(404, "a path that climbs", get("/../../etc/passwd"), "path"),
        bad("a Host that is none", "GET /status HTTP/1.1\r\nHost: a b\r\n\r\n", "Host"),
        told(505, "HTTP/2 in words", "GET /status HTTP/2.0\r\n" + HOST + "\r\n", "request line"),
        told(
            505,
            "HTTP in small letters",
            "GET /status http/1.1\r\n" + HOST + "\r\n",
            "request line"),
        told(505, "another version", "GET /status HTTP/1.2\r\n" + HOST + "\r\n", "request line"),
        told(505, "another protocol", "GET /status FOO/1.1\r\n" + HOST + "\r\n", "request line"),
        bad("half of HTTP/0.9", "GET /status\r\n\r\n", "headers"),
        bad("a path that is not percent-encoded right", get("/%zz"), "path"),
        bad("a path that is no UTF-8", get("/connections/%FF"), "path"),
        told(405, "PUT /events", call("PUT", "/events", "Content-Length: 0"), null),
        told(405, "DELETE /events", call("DELETE", "/events"), null),
        told(405, "PATCH /send", call("PATCH", "/send", "Content-Length: 0"), null),
        told(405, "GET /send", get("/send"), null),
        told(405, "POST /status", call("POST", "/status", "Content-Length: 0"), null),
        told(405, "POST /history", call("POST", "/history", "Content-Length: 0"), null),
        told(405, "DELETE /health/live", call("DELETE", "/health/live"), null),
        told(405, "an invented method", call("BREW", "/events"), null));
  }

  static List<Case> streams() {
    String long256 = "a".repeat(256);
    return List.of(
        told(
            406,
            "Accept without event streams",
            get("/events", "Accept: application/json"),
            "Accept"),
        told(
            406, "Accept with q=0", get("/events", "Accept: text/event-stream;q=0, */*"), "Accept"),
        bad("an unknown parameter", get("/events?topics=a"), "topics"),
        bad("a parameter of another call", get("/events?limit=1"), "limit"),
        bad("an empty topic", get("/events?topic="), "topic"),
        bad("a topic with a space", get("/events?topic=a%20b"), "topic"),
        bad("a topic with NUL", get("/events?topic=a%00"), "topic"),
        bad("a topic with LF", get("/events?topic=a%0Ab"), "topic"),
        bad("a topic with a star", get("/events?topic=*"), "topic"),
        bad("a topic that is no ASCII", get("/events?topic=%C3%A4"), "topic"),
        bad("a long topic", get("/events?topic=" + long256), "topic"),
        bad(
            "too many topics",
            get("/events?topic=a&topic=b&topic=c&topic=d&topic=e&topic=f"),
            "topic"),
        bad("an empty type", get("/events?type="), "type"),
        bad("a type with CR", get("/events?type=a%0D"), "type"),
        bad("a long type", get("/events?type=" + long256), "type"),
        bad("a target with LF", get("/events?target=a%0A"), "target"),
        bad("a target with NUL", get("/events?target=%00"), "target"),
        bad("an id with LF", get("/events?id=a%0Ab"), "id"),
        bad("an empty id", get("/events?id="), "id"),
        bad("two ids", get("/events?id=a&id=b"), "id"),
        bad("a kind with NUL", get("/events?kind=a%00"), "kind"),
        bad("two kinds", get("/events?kind=a&kind=b"), "kind"),
        bad("an unknown format", get("/events?format=xml"), "format"),
        bad("two formats", get("/events?format=data&format=message"), "format"),
        bad("a negative history", get("/events?history=-1"), "history"),
        bad("a history with a fraction", get("/events?history=1.5"), "history"),
        bad("a history in words", get("/events?history=all"), "history"),
        bad("a huge history", get("/events?history=99999999999999999999"), "history"),
        bad("an empty history", get("/events?history="), "history"),
        bad("two cursors", get("/events?lastEventId=a&lastEventId=b"), "lastEventId"),
        bad("metadata without a key", get("/events?meta.=a"), "meta."),
        bad(
            "metadata with a long key",
            get("/events?meta." + "k".repeat(65) + "=a"),
            "meta." + "k".repeat(55) + "\u2026"),
        bad("metadata with LF", get("/events?meta.a=x%0Ay"), "meta.a"),
        bad("metadata twice", get("/events?meta.a=x&meta.a=y"), "meta.a"),
        bad("too much metadata", get("/events?" + numbered("meta.k", 33)), "meta.KEY"),
        bad("a percent sign alone", get("/events?topic=%"), "query"),
        bad("percent and half a byte", get("/events?topic=a%4"), "query"),
        bad("percent and no digits", get("/events?topic=%zz"), "query"),
        bad("percent-encoded bytes that are no UTF-8", get("/events?type=%ff"), "query"),
        bad("an overlong encoding", get("/events?type=%C0%80"), "query"),
        bad("half a surrogate pair", get("/events?type=%ED%A0%80"), "query"),
        bad("bytes that are not encoded", get("/events?type=\u00c3\u00a4"), "query"));
  }

  private static String numbered(String name, int count) {
    StringBuilder query = new StringBuilder();
    for (int i = 0; i < count; i++) {
      query.append(i == 0 ? "" : "&").append(name).append(i).append("=v");
    }
    return query.toString();
  }

  static List<Case> bodies() {
    String ok = "{\"data\":1}";
    return List.of(
        told(
            415,
            "no content type",
            "POST /events HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n" + ok,
            "Content-Type"),
        told(415, "two content types", json(ok, "Content-Type: text/plain"), "Content-Type"),
        told(415, "a form", post("application/x-www-form-urlencoded", ok), "Content-Type"),
        told(415, "XML", post("application/xml", "<a/>"), "Content-Type"),
        told(415, "no media type", post("json", ok), "Content-Type"),
        told(415, "another charset", post("application/json; charset=latin1", ok), "Content-Type"),
        told(415, "UTF-16 announced", post("text/plain; charset=utf-16", "ab"), "Content-Type"),
        told(415, "a compressed body", json(ok, "Content-Encoding: gzip"), "Content-Encoding"),
        told(413, "a body too large", json("{\"data\":\"" + "a".repeat(30_000) + "\"}"), "body"),
        told(
            413,
            "a huge length announced",
            "POST /events HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n",
            "body"),
        told(
            413,
            "chunks too large in all",
            chunked("4e20\r\n" + "a".repeat(20_000) + "\r\n4e20\r\n" + "a".repeat(20_000) + "\r\n"),
            "body"),
        bad(
            "a length that is no number",
            "POST /events HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/json\r\nContent-Length: abc\r\n\r\n"
                + ok,
            "headers"),
        bad(
            "a negative length",
            "POST /events HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/json\r\nContent-Length: -1\r\n\r\n"
                + ok,
            "headers"),
        bad("two lengths", json(ok, "Content-Length: 11"), "headers"),
        bad(
            "a coding before the chunks",
            chunked("a\r\n" + ok + "\r\n0\r\n\r\n").replace("chunked\r", "gzip, chunked\r"),
            "Transfer-Encoding"),
        bad(
            "a length beside chunks",
            chunked("a\r\n" + ok + "\r\n0\r\n\r\n")
                .replace("Transfer", "Content-Length: 10\r\nTransfer"),
            "headers"),
        bad("a chunk without a size", chunked("zz\r\n{}\r\n0\r\n\r\n"), "body"),
        bad("a chunk longer than its size", chunked("2\r\n" + ok + "\r\n0\r\n\r\n"), "body"),
        bad("a negative chunk", chunked("-5\r\n" + ok + "\r\n0\r\n\r\n"), "body"),
        told(
            408,
            "a body that does not come",
            "POST /events HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
            "body"),
        told(408, "chunks that do not end", chunked("a\r\n" + ok + "\r\n"), "body"),
        told(408, "a head that does not end", "GET /status HTTP/1.1\r\n" + HOST, "headers"),
        told(408, "half a request line", "GET /sta", "headers"),
        told(408, "nothing at all", "", "headers"),
        told(417, "an unknown expectation", json(ok, "Expect: a-miracle"), "Expect"));
  }

  static List<Case> others() {
    return List.of(
        bad("send without a message", send("{}"), "message"),
        bad("send an unknown field", send("{\"message\":1,\"topic\":\"a\"}"), "topic"),
        bad("send a number as event", send("{\"message\":1,\"event\":1}"), "event"),
        bad("send a reserved event", send("{\"message\":1,\"event\":\"reset\"}"), "event"),
        bad("send an event with LF", send("{\"message\":1,\"event\":\"a\\nb\"}"), "event"),
        bad("send a key twice", send("{\"message\":1,\"message\":2}"), "message"),
        bad("send an array", send("[]"), "body"),
        bad("send nothing", send(""), "body"),
        bad("send with a parameter", post("/send?topic=a", "application/json", "{}"), "topic"),
        told(415, "send text", post("/send", "text/plain", "hi"), "Content-Type"),
        bad("status with a parameter", get("/status?x=1"), "x"),
        bad("history of a bad topic", get("/history?topic=a%20b"), "topic"),
        bad("history of two topics", get("/history?topic=a&topic=b"), "topic"),
        bad("history of nothing", get("/history?limit=0"), "limit"),
        bad("history of too much", get("/history?limit=201"), "limit"),
        bad("history of a word", get("/history?limit=ten"), "limit"),
        bad("history after nonsense", get("/history?after=nonsense"), "after"),
        bad("history after nothing", get("/history?after="), "after"),
        bad("history after too long a cursor", get("/history?after=" + "a".repeat(1025)), "after"),
        bad("clearing no topic", call("DELETE", "/history"), "topic"),
        bad("clearing a bad topic", call("DELETE", "/history?topic=%0A"), "topic"),
        bad("clearing with a limit", call("DELETE", "/history?topic=a&limit=1"), "limit"),
        told(
            403,
            "clearing from another site",
            call("DELETE", "/history?topic=a", "Origin: http://evil.example"),
            "Origin"));
  }
}
