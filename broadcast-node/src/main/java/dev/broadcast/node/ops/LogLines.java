package dev.broadcast.node.ops;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * How the program logs: one line of {@code key=value} for each thing that happens to the node, on
 * standard error, few of them; libraries only where they warn. Who mounts the routes in a program
 * of their own keeps their own logging.
 */
public final class LogLines extends Formatter {
  LogLines() {}

  /** Makes the whole process log so. */
  public static void install() {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(handler(System.err));
    root.setLevel(Level.INFO);
  }

  private static Handler handler(OutputStream out) {
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    var handler =
        new StreamHandler(stream, new LogLines()) {
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
    return line.getLevel().intValue() >= Level.WARNING.intValue()
        || String.valueOf(line.getLoggerName()).startsWith("dev.broadcast.");
  }

  @Override
  public String format(LogRecord line) {
    StringBuilder text = new StringBuilder(128);
    text.append("time=").append(Instant.ofEpochMilli(line.getMillis()));
    text.append(" level=").append(level(line.getLevel()));
    String name = String.valueOf(line.getLoggerName());
    text.append(" logger=").append(name.substring(name.lastIndexOf('.') + 1));
    String message = oneLine(formatMessage(line));
    if (message.startsWith("event=")) {
      text.append(' ').append(message);
    } else {
      text.append(" message=\"").append(message.replace("\"", "'")).append('"');
    }
    text.append('\n');
    if (line.getThrown() != null) {
      StringWriter trace = new StringWriter();
      line.getThrown().printStackTrace(new PrintWriter(trace));
      text.append(trace);
    }
    return text.toString();
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
