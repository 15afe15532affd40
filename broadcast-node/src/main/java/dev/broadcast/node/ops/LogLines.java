package dev.broadcast.node.ops;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.regex.Pattern;

/**
 * How the program logs: one line of {@code key=value}, or one JSON object, for each thing that
 * happens to the node, on standard error, few of them; libraries only where they warn. Who mounts
 * the routes in a program of their own keeps their own logging.
 */
public final class LogLines extends Formatter {
  /** Says what strangers do wrong before anybody can listen: no SETTINGS after HTTP/2's preface. */
  private static final String PEERS = "io.vertx.core.net.impl.ConnectionBase";

  private static final Pattern FIELD = Pattern.compile(" (?=[a-z_]+=)");

  private final LogFormat look;

  LogLines(LogFormat look) {
    this.look = look;
  }

  /** Makes the whole process log so. */
  public static void install(LogFormat look) {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(handler(System.err, look));
    root.setLevel(Level.INFO);
  }

  private static Handler handler(OutputStream out, LogFormat look) {
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    var handler =
        new StreamHandler(stream, new LogLines(look)) {
          @Override
          public synchronized void publish(LogRecord line) {
            super.publish(line);
            flush();
          }
        };
    handler.setFilter(LogLines::isWanted);
    return handler;
  }

  static boolean isWanted(LogRecord line) {
    String logger = String.valueOf(line.getLoggerName());
    return logger.startsWith("dev.broadcast.")
        || (line.getLevel().intValue() >= Level.WARNING.intValue() && !logger.equals(PEERS));
  }

  @Override
  public String format(LogRecord line) {
    return look == LogFormat.JSON ? json(line) : text(line);
  }

  /** What happened, and its fields, become the object's; a trace is one field, too. */
  private String json(LogRecord line) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("time", Instant.ofEpochMilli(line.getMillis()).toString());
    fields.put("level", level(line.getLevel()));
    fields.put("logger", shortName(line));
    String message = formatMessage(line);
    if (message.startsWith("event=")) {
      for (String field : FIELD.split(message, -1)) {
        int equals = field.indexOf('=');
        fields.putIfAbsent(field.substring(0, equals), field.substring(equals + 1));
      }
    } else {
      fields.put("message", message);
    }
    if (line.getThrown() != null) {
      fields.put("trace", trace(line.getThrown()));
    }
    StringBuilder object = new StringBuilder(256);
    fields.forEach(
        (name, value) -> {
          object.append(object.isEmpty() ? "{\"" : ",\"").append(name).append("\":\"");
          JsonStringEncoder.getInstance().quoteAsString(value, object);
          object.append('"');
        });
    return object.append("}\n").toString();
  }

  private String text(LogRecord line) {
    StringBuilder text = new StringBuilder(128);
    text.append("time=").append(Instant.ofEpochMilli(line.getMillis()));
    text.append(" level=").append(level(line.getLevel()));
    text.append(" logger=").append(shortName(line));
    String message = oneLine(formatMessage(line));
    if (message.startsWith("event=")) {
      text.append(' ').append(message);
    } else {
      text.append(" message=\"").append(message.replace("\"", "'")).append('"');
    }
    text.append('\n');
    if (line.getThrown() != null) {
      text.append(trace(line.getThrown()));
    }
    return text.toString();
  }

  private static String shortName(LogRecord line) {
    String name = String.valueOf(line.getLoggerName());
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** What strangers sent may stand in a message; it must not begin a line of its own. */
  private static String oneLine(String message) {
    return message.replace("\r", "\\r").replace("\n", "\\n");
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    } else if (level.intValue() >= Level.WARNING.intValue()) {
      return "warn";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
  }
}
