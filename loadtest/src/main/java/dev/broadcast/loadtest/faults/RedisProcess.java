package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.server.Child;
import dev.broadcast.loadtest.server.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis whose data survives: append-only, on disk before each answer unless a fault sets
 * otherwise. Its port stays the same. One thread.
 */
final class RedisProcess implements Store {
  private static final Pattern DATA = Pattern.compile("p\\d+\\|t\\d+\\|\\d+");
  private static final long START_NANOS = 20_000_000_000L;

  private final Path work;
  private final String name;
  private final List<String> settings;
  private final Path directory;
  private final int port;
  private @Nullable Child child;
  private int starts;
  private int copies;

  /**
   * Starts it.
   *
   * @param settings beyond those that all have
   */
  RedisProcess(Path work, String name, List<String> settings) throws IOException {
    this.work = work;
    this.name = name;
    this.settings = settings;
    directory = Files.createDirectories(work.resolve(name));
    port = Child.freePort();
    start();
  }

  int port() {
    return port;
  }

  /** One command on a connection of its own. */
  @Nullable Object call(String... command) throws IOException {
    try (Resp resp = new Resp(port)) {
      return resp.call(command);
    }
  }

  void start() throws IOException {
    // Whatever is beyond a file size limit then fails as a full disk does, instead of killing it.
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "trap '' XFSZ; exec \"$@\"", "redis", "redis-server"));
    command.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", directory.toString(), "--save", "", "--appendonly", "yes"));
    command.addAll(List.of("--appendfsync", "always", "--enable-debug-command", "yes"));
    command.addAll(settings);
    child = Child.start(name + "-" + ++starts, command, work);
    awaitAnswer();
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + START_NANOS;
    while (true) {
      try {
        call("PING");
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline || !running().isAlive()) {
          throw new IOException("redis-server does not answer: " + running().said(), e);
        }
        pause(5);
      }
    }
  }

  Child running() {
    if (child == null) {
      throw new IllegalStateException("Redis is not running");
    }
    return child;
  }

  void kill() throws InterruptedException {
    running().kill();
  }

  void restart() throws IOException, InterruptedException {
    kill();
    start();
  }

  void restartEmpty() throws IOException, InterruptedException {
    kill();
    delete(directory);
    Files.createDirectories(directory);
    start();
  }

  /** Copies its data as it is now; it stands still meanwhile. */
  Path copy() throws IOException {
    Path copy = work.resolve("copy-" + ++copies);
    running().signal("STOP");
    try {
      copy(directory, copy);
    } finally {
      running().signal("CONT");
    }
    return copy;
  }

  void restartFrom(Path copy) throws IOException, InterruptedException {
    kill();
    delete(directory);
    copy(copy, directory);
    start();
  }

  /** The append-only file that is written to. */
  Path appendOnlyFile() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("appendonlydir"))) {
      return files
          .filter(file -> file.toString().endsWith(".incr.aof"))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow();
    }
  }

  /** SIGKILL, and the file loses what was behind {@code size}: a power cut. */
  void cutPower(long size) throws IOException, InterruptedException {
    Path file = appendOnlyFile();
    kill();
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(size);
    }
    start();
  }

  /** How large a file it may write; -1 for any. */
  void limitFiles(long bytes) throws IOException {
    String limit = (bytes < 0 ? "unlimited" : String.valueOf(bytes)) + ":unlimited";
    String pid = String.valueOf(running().pid());
    Programs.Answer answer = Programs.run(List.of("prlimit", "--pid", pid, "--fsize=" + limit));
    if (!answer.succeeded()) {
      throw new IOException("prlimit: " + answer.output());
    }
  }

  @Override
  public List<String> flags() {
    return List.of();
  }

  @Override
  public Set<String> kept() throws IOException {
    Set<String> kept = new HashSet<>();
    try (Resp resp = new Resp(port)) {
      for (String state : keys(resp, "*:state")) {
        // Streams of earlier epochs may still be there; nobody reads them.
        String epoch = String.valueOf(resp.call("HGET", state, "epoch"));
        for (String key : keys(resp, "*:" + epoch + ":t:*")) {
          Matcher matcher = DATA.matcher(String.valueOf(resp.call("XRANGE", key, "-", "+")));
          while (matcher.find()) {
            kept.add(matcher.group());
          }
        }
      }
    }
    return kept;
  }

  /** The names of its keys. */
  List<String> keys(String pattern) throws IOException {
    try (Resp resp = new Resp(port)) {
      return keys(resp, pattern);
    }
  }

  private static List<String> keys(Resp resp, String pattern) throws IOException {
    List<String> keys = new ArrayList<>();
    if (resp.call("KEYS", pattern) instanceof List<?> names) {
      names.forEach(name -> keys.add(String.valueOf(name)));
    }
    keys.sort(Comparator.naturalOrder());
    return keys;
  }

  @Override
  public String epoch() throws IOException {
    return epochs().toString();
  }

  /** Of each shard that it has, which and in what lifetime. */
  Set<String> epochs() throws IOException {
    Set<String> epochs = new TreeSet<>();
    for (String key : keys("*:state")) {
      epochs.add(key + ' ' + call("HGET", key, "epoch"));
    }
    return epochs;
  }

  /** By its own word; not while it is down. */
  boolean isMaster() {
    return replication().contains("role:master");
  }

  /** Whether it follows that one and has all that it had when it came. */
  boolean isReplicaOf(RedisProcess master) {
    String replication = replication();
    return replication.contains("role:slave")
        && replication.contains("master_port:" + master.port + '\r')
        && replication.contains("master_link_status:up");
  }

  private String replication() {
    try {
      return String.valueOf(call("INFO", "replication"));
    } catch (IOException e) {
      return ""; // It is down, or its clients are just being cut.
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
    }
  }
}
