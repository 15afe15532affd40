package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A link's connections to one Redis, without anything that is built on them. */
class RedisLinkTest {
  private static final RedisScript TYPES = RedisScript.load("types");

  @TempDir Path directory;
  @RegisterExtension final Opened open = new Opened();
  private final ExecutorService hub = Executors.newSingleThreadExecutor();
  private final Movable master = new Movable();
  private RedisDriver driver;

  @AfterEach
  void end() {
    driver.close().join();
    hub.shutdownNow();
  }

  /** Where the test says that the master is. */
  private static final class Movable implements RedisLocator {
    private volatile RedisAddress at;

    void is(int port) {
      at = new RedisAddress("127.0.0.1", port, false, 0, null, null);
    }

    @Override
    public CompletionStage<RedisAddress> locate() {
      return CompletableFuture.completedStage(at);
    }

    @Override
    public boolean isWatched() {
      return false;
    }

    @Override
    public boolean moved(String error, RedisAddress from) {
      return false;
    }
  }

  private RedisLink link(int port) {
    master.is(port);
    driver = new RedisDriver(RedisSettings.of("redis://127.0.0.1:" + port), null);
    var check = new ServerCheck(RedisTopology.Kind.ONE, 0, null);
    var link = new RedisLink(driver, master, check, new HubThread(hub));
    link.subscribe("channel", message -> {});
    return link;
  }

  @Test
  void nothingIsSentBeforeTheServerHasProvedToBeOneForUs() {
    RedisServer redis = open.server(directory.resolve("redis"));
    RedisLink link = link(redis.port());
    var late = new CompletableFuture<List<Object>>();

    hub.execute(
        () -> {
          link.open();
          askUntilAdmitted(link, late);
        });

    assertEquals(
        List.of("late"),
        late.orTimeout(20, TimeUnit.SECONDS).join().stream().map(RedisReply::text).toList());
  }

  private void askUntilAdmitted(RedisLink link, CompletableFuture<List<Object>> late) {
    boolean admitted = link.canCommand();
    link.command(
        TYPES,
        new byte[][] {bytes("types")},
        new byte[][] {bytes(admitted ? "late" : "early")},
        (reply, failure) -> {
          if (admitted) {
            late.complete(reply);
          }
        });
    if (!admitted) {
      hub.execute(() -> askUntilAdmitted(link, late));
    }
  }

  @Test
  void readsGoWhereScriptsGo() {
    RedisServer one = open.server(directory.resolve("one"));
    RedisServer two = open.server(directory.resolve("two"));
    RedisLink link = link(one.port());
    link.use(
        new Unconcerned() {
          @Override
          public void commandsUp() {
            link.attachedTo(runOf(clients(two, "") == 0 ? one : two));
          }
        });
    hub.execute(link::open);
    await()
        .until(
            () -> {
              hub.execute(
                  () -> {
                    ask(link::command);
                    ask(link::read);
                  });
              return clients(one, "cmd=eval") == 2 && clients(one, "") == 3;
            });

    // The master is another one now, and only one connection was lost with the old.
    master.is(two.port());
    hub.execute(() -> link.cutCommands("lost"));

    await().until(() -> clients(two, "") == 2);
    assertEquals(1, clients(one, ""), "the channel's, which is cut when nothing comes there");
  }

  private interface Way {
    void take(RedisScript script, byte[][] keys, byte[][] arguments, RedisLink.Answer answer);
  }

  private static void ask(Way way) {
    way.take(TYPES, new byte[][] {bytes("types")}, new byte[0][], (reply, failure) -> {});
  }

  @Test
  void aServerThatFallsSilentWhileItIsLookedAtIsLeft() throws Exception {
    try (var mute = new Mute()) {
      RedisLink link = link(mute.port());
      var down = new CompletableFuture<String>();
      link.use(
          new Unconcerned() {
            @Override
            public void commandsUp() {
              down.completeExceptionally(new AssertionError("it said nothing of itself"));
            }

            @Override
            public void commandsDown(String reason) {
              down.complete(reason);
            }
          });
      hub.execute(link::open);

      await()
          .until(
              () -> {
                long later = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
                hub.execute(() -> link.tick(later));
                return down.isDone();
              });

      assertEquals("Redis has not answered for 3 s", down.join());
    }
  }

  /** Greets whoever connects, and answers nothing that it is asked. */
  private static final class Mute implements AutoCloseable {
    private static final Map<String, String> GREETINGS =
        Map.of("HELLO", "-ERR unknown command", "PING", "+PONG", "CLIENT", "+OK");

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final Executor threads = Threads.perTask();

    Mute() throws IOException {
      threads.execute(this::accept);
    }

    int port() {
      return server.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = server.accept();
          clients.add(client);
          threads.execute(() -> greet(client));
        }
      } catch (IOException e) {
        return; // closed
      }
    }

    private static void greet(Socket client) {
      try (var lines =
          new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
        for (String line; (line = lines.readLine()) != null; ) {
          String greeting = GREETINGS.get(line);
          if (greeting != null) {
            client.getOutputStream().write((greeting + "\r\n").getBytes(US_ASCII));
          }
        }
      } catch (IOException e) {
        return; // closed
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private static String runOf(RedisServer server) {
    return RedisAddress.runOf(String.valueOf(server.command("INFO", "server")));
  }

  /** Those in whose line of the list something stands; without the one that asks for the list. */
  private static long clients(RedisServer server, String holds) {
    return String.valueOf(server.command("CLIENT", "LIST"))
        .lines()
        .filter(line -> !line.contains("cmd=client") && line.contains(holds))
        .count();
  }

  private abstract static class Unconcerned implements RedisLink.User {
    @Override
    public void commandsDown(String reason) {}

    @Override
    public void subscribed() {}

    @Override
    public void unsubscribed(String reason) {}

    @Override
    public void failed(String reason) {}
  }
}
