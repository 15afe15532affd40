package dev.broadcast.node;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.node.ops.InvalidSettingException;
import dev.broadcast.node.ops.LogLines;
import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.ops.SettingsReader;
import dev.broadcast.node.ops.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/** Starts a node from the command line. */
public final class Main {
  private static final int FAILED = 1;

  /**
   * What libraries would load for nobody here, 5 MB of an idle node's 117 on JDK 17 and 7 of 125 on
   * JDK 25; whoever wants one of them says so with {@code -D}.
   */
  private static final Map<String, String> LIBRARIES =
      Map.of(
          // Netty's allocator as a source of Flight Recorder's events.
          "io.netty.jfr.enabled", "false",
          // A DNS client of Vert.x', to find the address to listen at: the JVM finds it, too.
          "vertx.disableDnsResolver", "true");

  private Main() {}

  /**
   * Runs until the process is told to end. Exit status: 0 after a stop, 2 for settings that cannot
   * be, 1 if the node cannot run.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // a failure is handled in the last step
  public static void main(String[] args) {
    LIBRARIES.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    if (Boolean.getBoolean("broadcast.rehearsal")) {
      rehearse(err);
      return;
    }
    SettingsReader.Outcome outcome =
        new SettingsReader(System.getenv(), out, err)
            .withAuthenticators(ServiceLoader.load(Authenticator.class).findFirst().isPresent())
            .read(args);
    Settings settings = outcome.settings();
    if (settings == null) {
      System.exit(outcome.exit());
      return;
    }
    LogLines.install(settings.logFormat());
    CompletableFuture<BroadcastNode> starting;
    try {
      starting = BroadcastNode.start(settings, message -> end(err, message));
    } catch (InvalidSettingException e) {
      err.println("broadcast: " + e.getMessage());
      System.exit(SettingsReader.USAGE);
      return;
    }
    starting.whenComplete(
        (node, failure) -> {
          if (failure != null) {
            end(err, reason(failure));
            return;
          }
          StopSignals.install(
              () ->
                  node.stop().orTimeout(settings.drain().toMillis() + 2000, TimeUnit.MILLISECONDS));
          out.println("listening on " + node.url());
          String page =
              node.url().replace("//0.0.0.0:", "//localhost:").replace("[::]", "localhost");
          out.println(
              "open " + page + " in a browser, or listen with: curl -N " + page + "/events");
        });
  }

  private static void rehearse(PrintWriter err) {
    // What it says of the Redis that is not there is nobody's concern.
    LogManager.getLogManager().reset();
    int exit = 0;
    try {
      Rehearsal.run(err);
    } catch (IOException | RuntimeException e) {
      err.println("broadcast: " + e);
      exit = FAILED;
    }
    System.exit(exit);
  }

  private static void end(PrintWriter err, String message) {
    err.println("broadcast: " + message);
    Runtime.getRuntime().halt(FAILED);
  }

  private static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
