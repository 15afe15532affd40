package dev.broadcast.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.broadcast.testing.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * {@code https://unpkg.com} as a browser sees it that is told to look for it here: packages that
 * npm installed, under the versions that were installed and no others. No test depends on somebody
 * else's server.
 */
final class PackageSite implements AutoCloseable {
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Path> packages = new HashMap<>();

  /**
   * @param directory for a certificate
   * @param modules the directory {@code node_modules}
   */
  PackageSite(Path directory, Path modules) throws IOException, GeneralSecurityException {
    try (var found = Files.list(modules)) {
      for (Path each : found.filter(p -> Files.exists(p.resolve("package.json"))).toList()) {
        var about = new ObjectMapper().readTree(each.resolve("package.json").toFile());
        packages.put(about.path("name").asText() + "@" + about.path("version").asText(), each);
      }
    }
    Certificates.make(directory, "unpkg");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(directory.resolve("unpkg.p12"))));
    // A browser opens connections in advance; one thread would wait for their handshakes for ever.
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** What a browser must be started with. */
  List<String> switches() {
    return List.of(
        "--ignore-certificate-errors",
        "--host-resolver-rules=MAP unpkg.com:443 127.0.0.1:" + server.getAddress().getPort());
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", 3);
      Path file =
          path.length == 3 && packages.containsKey(path[1])
              ? packages.get(path[1]).resolve(path[2])
              : Path.of("none");
      if (Files.isRegularFile(file)) {
        exchange.getResponseHeaders().set("Content-Type", "text/javascript");
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private static SSLContext tls(Path store) throws IOException, GeneralSecurityException {
    char[] password = "secret".toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
