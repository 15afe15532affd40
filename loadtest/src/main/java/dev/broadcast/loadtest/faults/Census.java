package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.server.LiveHeap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a node grows: its threads, its descriptors beside the connections of the suite itself,
 * and its live heap, compared with what they were when that process was first looked at. One
 * thread.
 */
final class Census {
  private static final int MORE_THREADS = 12;
  private static final int MORE_DESCRIPTORS = 24;
  private static final long MORE_HEAP = 16L << 20;
  private static final int HEAP_EVERY = 4;

  private final LiveHeap heap;
  private final Map<Long, Sample> first = new HashMap<>();
  private final Map<Long, Sample> latest = new HashMap<>();
  private final Map<Long, Integer> looks = new HashMap<>();
  private final Map<Long, String> names = new HashMap<>();

  Census(Path java) {
    heap = LiveHeap.of(java);
  }

  /**
   * What a process holds.
   *
   * @param heap live bytes, 0 where unknown
   */
  private record Sample(int threads, int descriptors, long heap) {}

  /** Looks at one node, which is idle; what has grown too far, if anything. */
  Optional<String> look(NodeProcess node, int links) throws IOException {
    long pid = node.running().pid();
    int look = looks.merge(pid, 1, Integer::sum);
    Path proc = Path.of("/proc", String.valueOf(pid));
    Sample before = latest.get(pid);
    Sample now =
        new Sample(
            count(proc.resolve("task")),
            count(proc.resolve("fd")) - links,
            before == null || look % HEAP_EVERY == 0
                ? heap.bytesAfterGc(pid).orElse(0)
                : before.heap());
    latest.put(pid, now);
    names.put(pid, node.name());
    Sample then = first.computeIfAbsent(pid, p -> now);
    List<String> grown = new ArrayList<>();
    if (now.threads() - then.threads() > MORE_THREADS) {
      grown.add("threads from " + then.threads() + " to " + now.threads());
    }
    if (now.descriptors() - then.descriptors() > MORE_DESCRIPTORS) {
      grown.add("descriptors from " + then.descriptors() + " to " + now.descriptors());
    }
    if (now.heap() - then.heap() > MORE_HEAP) {
      grown.add("live heap from " + kib(then.heap()) + " to " + kib(now.heap()));
    }
    return grown.isEmpty()
        ? Optional.empty()
        : Optional.of(node.name() + " has grown: " + String.join(", ", grown));
  }

  private static int count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return (int) entries.count();
    }
  }

  private static String kib(long bytes) {
    return bytes / 1024 + " KiB";
  }

  /** The process that was looked at most. */
  String summary() {
    long pid =
        looks.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(0L);
    Sample then = first.get(pid);
    Sample now = latest.get(pid);
    if (then == null || now == null) {
      return "";
    }
    return String.format(
        "%s lived through %d steps: threads %d to %d, descriptors %d to %d, live heap %s to %s",
        names.get(pid),
        looks.getOrDefault(pid, 0),
        then.threads(),
        now.threads(),
        then.descriptors(),
        now.descriptors(),
        kib(then.heap()),
        kib(now.heap()));
  }
}
