package dev.broadcast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageTest {

  @Test
  void isJsonWithItsEmptyFieldsLeftOut() {
    assertEquals(
        "{\"topic\":\"global\",\"type\":\"update\",\"data\":{\"value\":42}}",
        Message.builder("update", Map.of("value", 42)).build().toJson());
    assertEquals(
        "{\"topic\":\"a\",\"data\":\"text\",\"target_ids\":[\"t\"],\"metadata\":{\"k\":1},"
            + "\"exclude\":[\"x\"],\"to\":[\"y\"]}",
        Message.builder(null, "text")
            .topic("a")
            .targetIds("t")
            .metadata(Map.of("k", 1))
            .exclude(List.of("x"))
            .to(List.of("y"))
            .build()
            .toJson());
    assertEquals(
        "{\"topic\":\"global\",\"data\":null}", Message.builder(null, null).build().toJson());
  }

  @Test
  void anEmptyMetadataMapIsNone() {
    assertEquals(null, Message.builder(null, "").metadata(Map.of()).build().metadata());
  }

  @Test
  void canBeChangedFieldByField() {
    Message message =
        Message.builder("update", "a").topic("t").targetIds("i").to(List.of("c")).build();
    assertEquals(message, message.change().build());
    assertEquals(
        new Message(
            "u", "create", Data.json("[1]"), List.of("i"), "{\"m\":true}", List.of(), List.of("c")),
        message
            .change()
            .topic("u")
            .type("create")
            .data(List.of(1))
            .metadata(Map.of("m", true))
            .build());
  }

  @Test
  void namesTheFieldThatOffends() {
    InvalidMessageException wrong =
        assertThrows(
            InvalidMessageException.class,
            () -> Message.builder("closing", "reserved for the node").build());
    assertEquals("type", wrong.field());
  }

  @Test
  void whatAProgramSaysIsJsonIsCheckedBeforeItIsStored() {
    Message loose =
        Message.builder(null, Data.json(" { \"a\" : 1.10 }\n")).metadataJson("{ }").build();
    assertEquals(Data.json("{\"a\":1.10}"), loose.checked().data());
    assertEquals(null, loose.checked().metadata());
    Message text = Message.builder(null, "{").build();
    assertEquals(text, text.checked());
    for (Message wrong :
        List.of(
            Message.builder("data", Data.json("{")).build(),
            Message.builder("data", Data.json("1\n\ndata: 2")).build(),
            Message.builder("metadata", 1).metadataJson("[]").build(),
            Message.builder("metadata", 1).metadataJson("}").build())) {
      assertEquals(
          wrong.type(), assertThrows(InvalidMessageException.class, wrong::checked).field());
    }
  }

  @Test
  void theStandardTypesAreTheSeven() {
    assertEquals(
        Set.of("create", "update", "delete", "refresh", "status", "error", "custom"),
        Types.STANDARD);
  }

  @Test
  void aPublishedOneTellsItsTimeInUtcWithMilliseconds() {
    PublishedMessage message =
        new PublishedMessage(
            "e.g.0.1",
            "a",
            "update",
            Data.json("{\"n\":1.10}"),
            Instant.parse("2026-03-01T09:30:00Z"),
            List.of("t"),
            "{\"k\":1}");
    String json =
        "{\"id\":\"e.g.0.1\",\"topic\":\"a\",\"type\":\"update\",\"data\":{\"n\":1.10},"
            + "\"timestamp\":\"2026-03-01T09:30:00.000Z\",\"target_ids\":[\"t\"],"
            + "\"metadata\":{\"k\":1}}";
    assertEquals(json, message.toJson());
    assertEquals(message, PublishedMessage.parse(json));
  }

  @Test
  void aPublishedOneKeepsTextAndJsonApart() {
    String json =
        "{\"id\":\"i\",\"topic\":\"a\",\"data\":%s,\"timestamp\":\"2026-03-01T09:30:00.005Z\"}";
    for (String data : List.of("\"1\"", "1", "null", "\"\"", "[\"a\"]", "\"a\\nb\"")) {
      PublishedMessage message = PublishedMessage.parse(String.format(json, data));
      assertEquals(data.startsWith("\""), message.data() instanceof Data.Text);
      assertEquals(String.format(json, data), message.toJson());
    }
    assertThrows(InvalidMessageException.class, () -> PublishedMessage.parse("{\"id\":\"i\"}"));
  }
}
