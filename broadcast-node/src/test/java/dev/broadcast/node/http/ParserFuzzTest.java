package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.node.http.MessageReader.Item;
import dev.broadcast.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever strangers send is read, or refused with 4xx: never a fault of the server. */
class ParserFuzzTest {
  private static final int RUNS = 30_000;

  private static final List<byte[]> BODIES =
      Fuzz.samples(
          "{\"data\":1}",
          "{\"topic\":\"a/b\",\"type\":\"update\",\"data\":{\"a\":[1,2.50,null,\"x\\u0000\"]},"
              + "\"target_ids\":[\"a\",\"b\"],\"metadata\":{\"k\":{\"l\":[]}},\"exclude\":[\"c\"],"
              + "\"to\":[\"d\"]}",
          "[{\"data\":\"x\"},{\"topic\":\"t\",\"data\":true}]",
          "{\"data\":1}\n\n{\"data\":2}\r\n{\"data\":\"three\"}",
          "{\"message\":\"hi\",\"event\":\"custom\"}",
          "{\"topics\":[\"a\",\"b/*\"]}");

  private static void checked(Item item) {
    if (item instanceof Item.Good good) {
      assertNotNull(good.message().topic());
    } else if (item instanceof Item.Bad bad) {
      assertTrue(bad.problem().status() / 100 == 4, bad.problem().toString());
      assertFalse(bad.problem().detail().isEmpty());
    }
  }

  private static void refused(Refusal e) {
    assertEquals(4, e.problem().status() / 100, e.problem().toString());
    assertFalse(e.problem().detail().chars().anyMatch(c -> c < 0x20), e.problem().detail());
  }

  @Test
  void publishBodies() {
    Fuzz.run(
        1,
        RUNS,
        BODIES,
        body -> {
          try {
            PublishBody.json(body, 20).items().forEach(ParserFuzzTest::checked);
          } catch (Refusal e) {
            refused(e);
          }
          try {
            PublishBody.ndjson(body, 20).items().forEach(ParserFuzzTest::checked);
          } catch (Refusal e) {
            refused(e);
          }
        });
  }

  @Test
  void queries() {
    Fuzz.run(
        1_000_000,
        RUNS,
        Fuzz.samples(
            "topic=a&topic=b/c&type=update&target=x&history=5&kind=user&id=me&format=message",
            "topic=a%2Fb&lastEventId=ep.ge.0.17~ep.ge.1.5!abc&meta.key=value+with%20space",
            "limit=10&after=ep.ge.0.17&topic=%C5%BElu%C5%A5",
            "ticket=abc&last_event_id=earliest&&=&x"),
        bytes -> {
          String raw = new String(bytes, StandardCharsets.ISO_8859_1);
          try {
            Query query = Query.parse(raw);
            query.only(Set.of("topic", "history", "limit"), "meta.");
            query.all("topic").forEach(topic -> assertNotNull(topic));
            var unused = query.single("id");
            int number = query.number("history", 0, 1000, 0);
            assertTrue(number >= 0 && number <= 1000);
          } catch (Refusal e) {
            refused(e);
          }
        });
  }

  @Test
  void mediaTypes() {
    Fuzz.run(
        2_000_000,
        RUNS,
        Fuzz.samples(
            "application/json; charset=\"utf-8\"",
            "text/event-stream;q=0.9, */*;q=0.1",
            "a/b;c=d;e=\"f\\\"g\""),
        bytes -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          var type = MediaType.parse(text);
          assertTrue(type == null || !type.name().isEmpty());
          var unused = MediaType.acceptsEventStream(List.of(text));
        });
  }

  @Test
  void anInvalidMessageIsRefusedToo() {
    // What the api module's own checks throw becomes a refusal in one place.
    assertEquals(400, Refusal.of(new InvalidMessageException("topic", "x")).problem().status());
  }
}
