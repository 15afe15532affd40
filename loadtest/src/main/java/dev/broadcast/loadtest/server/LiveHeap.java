package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM's live objects weigh, asked of its {@code jcmd}.
 *
 * <p>A class histogram, not the collector's own figure: that one counts regions and what a
 * compaction found not worth moving, and each collector and JDK words it otherwise.
 */
public final class LiveHeap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

  private final Path jcmd;

  private LiveHeap(Path jcmd) {
    this.jcmd = jcmd;
  }

  /** With the {@code jcmd} beside that {@code java}, or the one on the path. */
  public static LiveHeap of(Path java) {
    Path beside = java.resolveSibling("jcmd");
    return new LiveHeap(
        Files.isExecutable(beside) ? beside : Programs.find("jcmd").orElse(Path.of("jcmd")));
  }

  /** Bytes of live objects after full collections; empty where there is no answer. */
  public OptionalLong bytesAfterGc(long pid) {
    try {
      // What is freed through references goes one collection later. The histogram collects a third
      // time.
      ask(pid, "GC.run");
      ask(pid, "GC.run");
      return total(ask(pid, "GC.class_histogram"));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong total(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
  }

  private String ask(long pid, String command) throws IOException {
    Programs.Answer answer = Programs.run(List.of(jcmd.toString(), String.valueOf(pid), command));
    if (!answer.succeeded()) {
      throw new IOException(answer.output());
    }
    return answer.output();
  }
}
