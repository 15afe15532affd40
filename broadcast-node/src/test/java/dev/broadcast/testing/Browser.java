package dev.broadcast.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A headless Chromium of this machine, driven by the DevTools protocol. Tabs share cookies, storage
 * and locks, as a visitor's do. One test at a time.
 */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> console = new ArrayList<>();

  private Browser(Process process, Path profile, URI devTools) {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(devTools, new Answers())
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  /** The browser of this machine, if it has one. */
  public static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it with a profile of its own.
   *
   * @param arguments more of its switches
   */
  public static Browser start(String... arguments) {
    try {
      Path profile = Files.createTempDirectory("browser");
      Path log = profile.resolve("browser.log");
      List<String> command = new ArrayList<>();
      command.add(program().orElseThrow(() -> new AssertionError("no chromium")).toString());
      command.addAll(
          List.of(
              "--headless=new",
              "--no-sandbox",
              "--disable-gpu",
              "--disable-dev-shm-usage",
              "--no-first-run",
              "--remote-debugging-port=0",
              "--user-data-dir=" + profile));
      command.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      long end = System.nanoTime() + PATIENCE.toNanos();
      Matcher line = LISTENING.matcher(Files.readString(log));
      while (!line.find()) {
        if (System.nanoTime() > end || !process.isAlive()) {
          process.destroyForcibly();
          throw new AssertionError("the browser did not start: " + Files.readString(log));
        }
        LockSupport.parkNanos(20_000_000);
        line = LISTENING.matcher(Files.readString(log));
      }
      return new Browser(process, profile, URI.create(line.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens a tab; returns when the page has loaded. */
  public Tab open(URI page) {
    String target =
        ask("Target.createTarget", Map.of("url", "about:blank"), "").path("targetId").asText();
    String session =
        ask("Target.attachToTarget", Map.of("targetId", target, "flatten", true), "")
            .path("sessionId")
            .asText();
    Tab tab = new Tab(target, session);
    ask("Page.enable", Map.of(), session);
    ask("Runtime.enable", Map.of(), session);
    tab.go(page);
    return tab;
  }

  /** What pages wrote to their consoles, and exceptions that nobody caught. */
  public List<String> console() {
    synchronized (console) {
      return List.copyOf(console);
    }
  }

  private JsonNode ask(String method, Map<String, Object> parameters, String session) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", JSON.valueToTree(parameters));
    if (!session.isEmpty()) {
      request.put("sessionId", session);
    }
    synchronized (socket) {
      socket.sendText(request.toString(), true).join();
    }
    try {
      JsonNode got = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (got.has("error")) {
        throw new AssertionError(method + ": " + got.path("error"));
      }
      return got.path("result");
    } catch (TimeoutException e) {
      throw new AssertionError(method + " " + parameters + ": no answer; console " + console(), e);
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(method, e);
    } finally {
      asked.remove(id);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      Directories.deleteContents(profile);
      Files.deleteIfExists(profile);
    } catch (IOException | UncheckedIOException e) {
      // A child of it may still be writing; it is a temporary directory.
    }
  }

  /** One page. */
  public final class Tab implements AutoCloseable {
    private final String target;
    private final String session;

    private Tab(String target, String session) {
      this.target = target;
      this.session = session;
    }

    /** Loads a page in this tab; returns when it has loaded. */
    public void go(URI page) {
      ask("Page.navigate", Map.of("url", page.toString()), session);
      await(
          "page " + page, "document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /**
     * Runs an expression and gives back what it, or the promise that it is, comes to.
     *
     * @throws AssertionError with the script's exception
     */
    public JsonNode run(String expression) {
      JsonNode result =
          ask(
              "Runtime.evaluate",
              Map.of("expression", expression, "awaitPromise", true, "returnByValue", true),
              session);
      if (result.has("exceptionDetails")) {
        throw new AssertionError(expression + ": " + result.path("exceptionDetails"));
      }
      return result.path("result").path("value");
    }

    /** Waits until an expression is true; fails with what it was instead. */
    public void await(String what, String expression) {
      await(what, expression, PATIENCE);
    }

    /** Waits so long. */
    public void await(String what, String expression, Duration within) {
      long end = System.nanoTime() + within.toNanos();
      String last = "";
      while (System.nanoTime() < end) {
        try {
          JsonNode value = run(expression);
          if (value.asBoolean()) {
            return;
          }
          last = value.toString();
        } catch (AssertionError e) {
          // While it goes to another page, its old context is gone.
          last = String.valueOf(e.getMessage());
        }
        LockSupport.parkNanos(25_000_000);
      }
      throw new AssertionError(
          "waited in vain for "
              + what
              + ": "
              + last
              + "; "
              + console()
              + "; the page says\n"
              + shown());
    }

    private String shown() {
      try {
        return run("document.visibilityState + ': ' + document.body.innerText.slice(0, 2000)")
            .asText();
      } catch (AssertionError e) {
        return String.valueOf(e.getMessage());
      }
    }

    /**
     * Any other command of the protocol to this page, for example {@code
     * Network.emulateNetworkConditions}.
     */
    public JsonNode command(String method, Map<String, Object> parameters) {
      return ask(method, parameters, session);
    }

    /** Writes what it looks like as PNG. */
    public void screenshot(Path file, int width, int height) throws IOException {
      command(
          "Emulation.setDeviceMetricsOverride",
          Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
      String png = command("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(png));
    }

    /** Closes the tab, as its visitor would. */
    @Override
    public void close() {
      ask("Target.closeTarget", Map.of("targetId", target), "");
    }
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }

    private void take(String message) {
      try {
        JsonNode json = JSON.readTree(message);
        CompletableFuture<JsonNode> answer = asked.get(json.path("id").asInt(0));
        if (answer != null) {
          answer.complete(json);
        } else if (json.path("method")
            .asText()
            .matches("Runtime\\.(consoleAPICalled|exceptionThrown)")) {
          synchronized (console) {
            console.add(json.path("params").toString());
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
