package dev.broadcast.node.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLinesTest {

  private static String line(Level level, String message) {
    LogRecord line = new LogRecord(level, message);
    line.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
    line.setLoggerName("dev.broadcast.node.Main");
    return new LogLines(LogFormat.TEXT).format(line);
  }

  @Test
  void isOneJsonObjectALineWhereAskedFor() throws Exception {
    LogRecord line = new LogRecord(Level.WARNING, "event=x path=/a\r\nlevel=info b=\"c\"");
    line.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
    line.setLoggerName("dev.broadcast.node.Main");
    line.setThrown(new IllegalStateException("two\nlines"));
    String text = new LogLines(LogFormat.JSON).format(line);
    assertEquals(1, text.lines().count(), text);
    JsonNode json = new ObjectMapper().readTree(text);
    assertEquals("2026-01-02T03:04:05.006Z", json.path("time").asText());
    assertEquals("warn", json.path("level").asText());
    assertEquals("x", json.path("event").asText());
    assertEquals("/a\r\nlevel=info", json.path("path").asText());
    assertEquals("\"c\"", json.path("b").asText());
    assertTrue(json.path("trace").asText().contains("two\nlines\n\tat "), text);
    LogRecord plain = new LogRecord(Level.INFO, "it is = so");
    assertTrue(
        new LogLines(LogFormat.JSON).format(plain).endsWith("\"message\":\"it is = so\"}\n"));
  }

  @Test
  void isOneLineOfKeysAndValues() {
    assertEquals(
        "time=2026-01-02T03:04:05.006Z level=info logger=Main event=started port=1\n",
        line(Level.INFO, "event=started port=1"));
    assertEquals(
        "time=2026-01-02T03:04:05.006Z level=warn logger=Main message=\"it 'is'\"\n",
        line(Level.WARNING, "it \"is\""));
  }

  @Test
  void librariesAreHeardOnlyWhenTheyWarn() {
    LogRecord line = new LogRecord(Level.INFO, "x");
    line.setLoggerName("io.netty.x");
    assertFalse(LogLines.isWanted(line));
    line.setLevel(Level.WARNING);
    assertTrue(LogLines.isWanted(line));
  }

  @Test
  void strangersDoNotFillTheLog() {
    LogRecord line = new LogRecord(Level.SEVERE, "First received frame was not SETTINGS.");
    line.setLoggerName(ConnectionBase.class.getName());
    assertFalse(LogLines.isWanted(line));
  }

  @Test
  void aStrangersLineBreakBeginsNoLine() {
    assertEquals(
        "time=2026-01-02T03:04:05.006Z level=error logger=Main event=x path=/a\\r\\nlevel=info\n",
        line(Level.SEVERE, "event=x path=/a\r\nlevel=info"));
  }
}
