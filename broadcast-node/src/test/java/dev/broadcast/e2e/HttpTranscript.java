package dev.broadcast.e2e;

import dev.broadcast.testing.HttpStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A stream's bytes as they came, for tests of the bytes themselves. Read by a thread of its own.
 */
final class HttpTranscript {

  private final HttpStream stream;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean ended;

  private HttpTranscript(HttpStream stream) {
    this.stream = stream;
  }

  /** Opens a stream and reads it to its end. */
  static HttpTranscript of(URI node, String target) throws IOException {
    var headers = Map.of("Accept", "text/event-stream");
    var transcript = new HttpTranscript(new HttpStream(node, target, headers, 0));
    var thread = new Thread(transcript::read, "transcript");
    thread.setDaemon(true);
    thread.start();
    return transcript;
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  synchronized boolean ended() {
    return ended;
  }

  /** Waits until the text satisfies {@code condition}. */
  synchronized void await(String what, Duration within, Predicate<String> condition) {
    long deadline = System.nanoTime() + within.toNanos();
    try {
      while (!condition.test(text())) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new AssertionError("no " + what + " within " + within + " in:\n" + text());
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted waiting for " + what, e);
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    try (stream) {
      int count = stream.read(buffer, buffer.length);
      while (count >= 0) {
        append(buffer, count);
        count = stream.read(buffer, buffer.length);
      }
    } catch (IOException e) {
      // A broken stream has ended as well.
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  private synchronized void append(byte[] buffer, int count) {
    bytes.write(buffer, 0, count);
    notifyAll();
  }
}
