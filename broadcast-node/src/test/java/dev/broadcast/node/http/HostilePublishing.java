package dev.broadcast.node.http;

import static dev.broadcast.node.http.HostileCases.bad;
import static dev.broadcast.node.http.HostileCases.json;
import static dev.broadcast.node.http.HostileCases.post;
import static dev.broadcast.node.http.HostileCases.told;

import dev.broadcast.node.http.HostileRequestsTest.Case;
import java.util.List;

/** Messages that cannot be published, for {@link HostileRequestsTest}. */
final class HostilePublishing {
  private HostilePublishing() {}

  static List<Case> cases() {
    String deep = "[".repeat(300) + "]".repeat(300);
    return List.of(
        bad("an empty body", json(""), "body"),
        bad("white space", json("  \n"), "body"),
        bad("broken JSON", json("{\"data\":"), "body"),
        bad("JSON and more", json("{\"data\":1} x"), "body"),
        bad("two values", json("{\"data\":1}{\"data\":2}"), "body"),
        bad("a number", json("5"), "body"),
        bad("a string", json("\"a\""), "body"),
        bad("null", json("null"), "body"),
        bad("a byte order mark", json("\u00ef\u00bb\u00bf{\"data\":1}"), "body"),
        bad("UTF-16", json("{\0\"\0d\0\"\0:\0001\0}\0"), "body"),
        bad("invalid UTF-8", json("{\"data\":\"\u00ff\"}"), "body"),
        bad("overlong UTF-8", json("{\"data\":\"\u00c0\u0080\"}"), "body"),
        bad("a surrogate as UTF-8", json("{\"data\":\"\u00ed\u00a0\u0080\"}"), "body"),
        bad("half a surrogate pair in data", json("{\"data\":\"\\ud800\"}"), "data"),
        bad("half a surrogate pair inside data", json("{\"data\":{\"a\":\"\\udc00\"}}"), "data"),
        bad("half a surrogate pair in a type", json("{\"data\":1,\"type\":\"\\ud800\"}"), "type"),
        bad("no data", json("{\"topic\":\"a\"}"), "data"),
        bad("an empty object", json("{}"), "data"),
        bad("an unknown field", json("{\"data\":1,\"Topic\":\"a\"}"), "Topic"),
        bad("a field of an answer", json("{\"data\":1,\"id\":\"a\"}"), "id"),
        bad("a key twice", json("{\"data\":1,\"data\":2}"), "data"),
        bad("a key twice inside data", json("{\"data\":{\"a\":1,\"a\":2}}"), "data"),
        bad(
            "a key twice inside metadata",
            json("{\"data\":1,\"metadata\":{\"a\":1,\"a\":2}}"),
            "metadata"),
        bad("a number as topic", json("{\"data\":1,\"topic\":5}"), "topic"),
        bad("null as topic", json("{\"data\":1,\"topic\":null}"), "topic"),
        bad("an empty topic", json("{\"data\":1,\"topic\":\"\"}"), "topic"),
        bad("a topic with a space", json("{\"data\":1,\"topic\":\"a b\"}"), "topic"),
        bad("a topic with LF", json("{\"data\":1,\"topic\":\"a\\nb\"}"), "topic"),
        bad(
            "a topic too long",
            json("{\"data\":1,\"topic\":\"" + "a".repeat(256) + "\"}"),
            "topic"),
        bad("a boolean as type", json("{\"data\":1,\"type\":true}"), "type"),
        bad("an object as type", json("{\"data\":1,\"type\":{}}"), "type"),
        bad("null as type", json("{\"data\":1,\"type\":null}"), "type"),
        bad("an empty type", json("{\"data\":1,\"type\":\"\"}"), "type"),
        bad("a type with CR", json("{\"data\":1,\"type\":\"a\\rb\"}"), "type"),
        bad("a type with LF", json("{\"data\":1,\"type\":\"a\\nb\"}"), "type"),
        bad("a type with NUL", json("{\"data\":1,\"type\":\"a\\u0000\"}"), "type"),
        bad("the type connected", json("{\"data\":1,\"type\":\"connected\"}"), "type"),
        bad("the type closing", json("{\"data\":1,\"type\":\"closing\"}"), "type"),
        bad("the type reset", json("{\"data\":1,\"type\":\"reset\"}"), "type"),
        bad("the type heartbeat", json("{\"data\":1,\"type\":\"heartbeat\"}"), "type"),
        bad("text as target_ids", json("{\"data\":1,\"target_ids\":\"a\"}"), "target_ids"),
        bad(
            "a number in target_ids",
            json("{\"data\":1,\"target_ids\":[\"a\",1]}"),
            "target_ids[1]"),
        bad("null in target_ids", json("{\"data\":1,\"target_ids\":[null]}"), "target_ids[0]"),
        bad("an empty target id", json("{\"data\":1,\"target_ids\":[\"\"]}"), "target_ids[0]"),
        bad("a target id with LF", json("{\"data\":1,\"target_ids\":[\"a\\n\"]}"), "target_ids[0]"),
        bad("an array in to", json("{\"data\":1,\"to\":[[\"a\"]]}"), "to[0]"),
        bad("an object as exclude", json("{\"data\":1,\"exclude\":{\"a\":1}}"), "exclude"),
        bad("text as metadata", json("{\"data\":1,\"metadata\":\"a\"}"), "metadata"),
        bad("an array as metadata", json("{\"data\":1,\"metadata\":[]}"), "metadata"),
        bad("null as metadata", json("{\"data\":1,\"metadata\":null}"), "metadata"),
        bad("NaN", json("{\"data\":NaN}"), "body"),
        bad("Infinity", json("{\"data\":-Infinity}"), "body"),
        bad("a leading zero", json("{\"data\":01}"), "body"),
        bad("a leading plus", json("{\"data\":+1}"), "body"),
        bad("single quotes", json("{'data':1}"), "body"),
        bad("a key without quotes", json("{data:1}"), "body"),
        bad("a trailing comma", json("{\"data\":1,}"), "body"),
        bad("a comment", json("{\"data\":1/* */}"), "body"),
        bad("a line break in a string", json("{\"data\":\"a\nb\"}"), "body"),
        bad("an unknown escape", json("{\"data\":\"\\x41\"}"), "body"),
        bad("data too deep", json("{\"data\":" + deep + "}"), "data"),
        bad("far too deep", json("{\"data\":" + "[".repeat(5000)), "body"),
        bad("an endless number", json("{\"data\":" + "1".repeat(1100) + "}"), "body"),
        bad("an empty batch", json("[]"), "body"),
        bad("a broken batch", json("[{\"data\":1},{\"data\":2]"), "body"),
        bad("a batch with a trailing comma", json("[{\"data\":1},]"), "body"),
        bad("an empty NDJSON batch", post("application/x-ndjson", "\n\n  \n"), "body"),
        told(
            413,
            "too large a batch",
            json("[" + "{\"data\":1},".repeat(20) + "{\"data\":1}]"),
            "body"),
        told(
            413,
            "too many lines",
            post("application/x-ndjson", "{\"data\":1}\n".repeat(21)),
            "body"),
        bad("text that is no UTF-8", post("text/plain", "\u00ff"), "body"),
        bad("text to a bad topic", post("/events?topic=a+b", "text/plain", "x"), "topic"),
        bad("text of a reserved type", post("/events?type=reset", "text/plain", "x"), "type"),
        bad("text to two topics", post("/events?topic=a&topic=b", "text/plain", "x"), "topic"),
        bad(
            "a topic beside JSON",
            post("/events?topic=a", "application/json", "{\"data\":1}"),
            "topic"),
        bad(
            "a receipt without a unit",
            post("/events?receipt=1", "application/json", "{\"data\":1}"),
            "receipt"),
        bad(
            "a receipt of nothing",
            post("/events?receipt=0s", "application/json", "{\"data\":1}"),
            "receipt"),
        bad(
            "a long receipt",
            post("/events?receipt=11s", "application/json", "{\"data\":1}"),
            "receipt"),
        bad(
            "a negative receipt",
            post("/events?receipt=-1s", "application/json", "{\"data\":1}"),
            "receipt"),
        bad("an empty key", json("{\"data\":1}", "Idempotency-Key:"), "Idempotency-Key"),
        bad("a key with a space", json("{\"data\":1}", "Idempotency-Key: a b"), "Idempotency-Key"),
        bad(
            "a key beyond ASCII",
            json("{\"data\":1}", "Idempotency-Key: \u00e4"),
            "Idempotency-Key"),
        bad(
            "a long key",
            json("{\"data\":1}", "Idempotency-Key: " + "k".repeat(256)),
            "Idempotency-Key"),
        bad(
            "two keys",
            json("{\"data\":1}", "Idempotency-Key: a", "Idempotency-Key: b"),
            "Idempotency-Key"),
        told(
            403,
            "a page of another origin",
            json("{\"data\":1}", "Origin: https://evil.example"),
            "Origin"),
        bad(
            "its own origin, and another",
            json("{\"data\":1}", "Origin: http://localhost", "Origin: https://evil.example"),
            "Origin"),
        told(403, "an opaque origin", json("{\"data\":1}", "Origin: null"), "Origin"),
        told(403, "an app's page", json("{\"data\":1}", "Origin: app://localhost"), "Origin"),
        told(403, "another port", json("{\"data\":1}", "Origin: http://localhost:81"), "Origin"),
        told(
            403,
            "a cross-site request",
            json("{\"data\":1}", "Sec-Fetch-Site: cross-site"),
            "Sec-Fetch-Site"));
  }
}
