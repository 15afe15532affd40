package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AnswerReaderTest {
  private static final String CHUNKED =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Transfer-Encoding: chunked",
          "",
          "5",
          "data:",
          "A;name=\"0b\"",
          " 012345678",
          "01",
          "\n",
          "0",
          "Trailer: x",
          "",
          "");

  private final StringBuilder body = new StringBuilder();
  private final AnswerReader reader = new AnswerReader();

  @Test
  void givesTheSameBodyHoweverAChunkedAnswerIsCut() {
    for (int size = 1; size <= CHUNKED.length(); size++) {
      body.setLength(0);
      AnswerReader fresh = new AnswerReader();

      feed(fresh, CHUNKED, size);

      assertEquals("data: 012345678\n", body.toString(), "cut every " + size + " bytes");
      assertTrue(fresh.complete());
    }
  }

  @Test
  void readsABodyThatEndsWithTheConnection() {
    feed(
        reader,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: 2\n\n",
        7);

    assertEquals("data: 1\n\ndata: 2\n\n", body.toString());
    assertEquals("text/event-stream", reader.header("content-type"));
    assertFalse(reader.complete());
    assertTrue(reader.closes());
  }

  @Test
  void readsCountedAnswersOneAfterTheOther() {
    for (int i = 0; i < 2; i++) {
      feed(reader, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", 3);
      assertTrue(reader.complete());
      assertFalse(reader.closes());
      reader.next();
    }
    assertEquals("{}{}", body.toString());
  }

  @Test
  void skipsInformationalAnswers() {
    feed(reader, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 1000);

    assertEquals(204, reader.status());
    assertTrue(reader.complete());
  }

  @Test
  void refusesWhatIsNoAnswer() {
    assertThrows(ProtocolException.class, () -> feed(reader, "nonsense\r\n\r\n", 100));
    assertThrows(
        ProtocolException.class,
        () ->
            feed(
                new AnswerReader(),
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
                100));
  }

  private void feed(AnswerReader to, String text, int size) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    for (int at = 0; at < bytes.length; at += size) {
      int end = Math.min(bytes.length, at + size);
      to.read(
          bytes,
          at,
          end,
          (b, from, until) -> body.append(new String(b, from, until - from, ISO_8859_1)));
    }
  }
}
