package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A server that opens every request as a stream, one way or another. */
final class StreamServer implements AutoCloseable {
  /** The ways a stream leaves, each a row of the contract test. */
  enum Way {
    DETACHED_EPOLL,
    DETACHED_NIO,
    DETACHED_TLS,
    ORDINARY_HTTP1,
    HTTP2
  }

  private static final PfxOptions KEY = selfSigned();
  private static final IncomingLimits LIMITS =
      new IncomingLimits(
          Duration.ofSeconds(10), Duration.ofSeconds(10), 1 << 20, Duration.ofSeconds(10));

  final Way way;
  final Vertx vertx;
  final HttpServer http;
  private final BlockingQueue<Stream> opened = new LinkedBlockingQueue<>();

  /** One that has what a node's server has on its connections. */
  StreamServer(Way way) {
    this(way, request -> Opening.NOW, true);
  }

  /** When a request becomes a stream: later is as after asking another server. */
  enum Opening {
    NOW,
    LATER,
    NEVER
  }

  /** A bare one. */
  StreamServer(Way way, Function<HttpServerRequest, Opening> when) {
    this(way, when, false);
  }

  private StreamServer(Way way, Function<HttpServerRequest, Opening> when, boolean guarded) {
    this.way = way;
    vertx =
        guarded && way != Way.DETACHED_NIO
            ? Vertx.builder().withTransport(GuardedTransport.best(LIMITS)).build()
            : Vertx.vertx(new VertxOptions().setPreferNativeTransport(way != Way.DETACHED_NIO));
    HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    if (way == Way.DETACHED_TLS) {
      options.setSsl(true).setKeyCertOptions(KEY);
    }
    http =
        await(
            vertx
                .createHttpServer(options)
                .connectionHandler(
                    connection -> {
                      if (guarded) {
                        IncomingWatch.install(connection, LIMITS);
                      }
                    })
                .requestHandler(
                    request -> {
                      switch (when.apply(request)) {
                        case NOW -> opened.add(new Stream(this, request));
                        case LATER ->
                            vertx.setTimer(200, late -> opened.add(new Stream(this, request)));
                        case NEVER -> {}
                      }
                    })
                .listen());
  }

  int port() {
    return http.actualPort();
  }

  Stream accepted() throws InterruptedException {
    Stream stream = opened.poll(10, TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("no request came");
    }
    return stream;
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static PfxOptions selfSigned() {
    try {
      Path directory = Files.createTempDirectory("broadcast-tls");
      Path store = directory.resolve("key.p12");
      String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      String arguments =
          " -genkeypair -alias node -keyalg EC -dname CN=localhost -storetype PKCS12"
              + " -storepass secret -keystore ";
      Process made =
          new ProcessBuilder((keytool + arguments + store).split(" ")).inheritIO().start();
      if (made.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      PfxOptions key =
          new PfxOptions().setPassword("secret").setValue(Buffer.buffer(Files.readAllBytes(store)));
      Files.delete(store);
      Files.delete(directory);
      return key;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static <T> T await(io.vertx.core.Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** A stream as its owner on the event loop sees it; what it does comes from the test's thread. */
  static final class Stream implements StreamTransport.Listener {
    final CompletableFuture<Void> closed = new CompletableFuture<>();
    final StreamTransport transport;
    final Channel channel;
    volatile int drains;
    volatile int closes;
    volatile Runnable onDrained = () -> {};
    private final Context context;
    private boolean inCall;

    @SuppressWarnings("NullAway")
    Stream(StreamServer server, HttpServerRequest request) {
      context = Vertx.currentContext();
      channel = VertxChannels.of(request);
      request.response().putHeader("Content-Type", "text/event-stream");
      inCall = true;
      transport =
          server.way == Way.ORDINARY_HTTP1
              ? StreamTransports.ordinary(request, channel, this)
              : StreamTransports.open(request, this);
      transport.flush();
      inCall = false;
    }

    /** Does something on the event loop, during which the listener must not be called. */
    void run(Runnable action) {
      ask(
          () -> {
            action.run();
            return null;
          });
    }

    <T> T ask(java.util.concurrent.Callable<T> question) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      context.runOnContext(
          go -> {
            inCall = true;
            try {
              answer.complete(question.call());
            } catch (Throwable e) {
              answer.completeExceptionally(e);
            } finally {
              inCall = false;
            }
          });
      return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void onDrained() {
      drains++;
      if (inCall || closes > 0 || !transport.drained()) {
        closed.completeExceptionally(new AssertionError("onDrained at the wrong moment"));
      }
      onDrained.run();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void onClosed() {
      closes++;
      if (inCall || !channel.eventLoop().inEventLoop()) {
        closed.completeExceptionally(new AssertionError("onClosed at the wrong moment"));
      }
      closed.complete(null);
    }
  }
}
