package dev.broadcast.loadtest.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.client.PublishFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * nginx with the Nchan module, alone or over a Redis that is started with it; one worker, since the
 * servers have one processor. Its settings are {@code nchan.conf}.
 */
final class Nchan implements ServerUnderTest {
  private static final Pattern MODULES = Pattern.compile("--modules-path=(\\S+)");
  private static final String MODULE = "ngx_nchan_module.so";
  private static final String OVER_REDIS =
      "nchan_redis_pass redis; nchan_redis_storage_mode distributed;";

  private final boolean redis;

  Nchan(boolean redis) {
    this.redis = redis;
  }

  @Override
  public String name() {
    return redis ? "nchan-redis" : "nchan";
  }

  @Override
  public String description() {
    return redis ? "nginx with the Nchan module over Redis" : "nginx with the Nchan module";
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.TOPICS, Ability.RESUME);
  }

  @Override
  public Optional<String> missing(Surroundings surroundings) {
    if (nginx().flatMap(Nchan::module).isEmpty()) {
      return Optional.of(
          "nginx with the Nchan module (Debian: apt install nginx libnginx-mod-nchan)");
    }
    return redis ? RedisServer.missing() : Optional.empty();
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    if (!redis) {
      return start(surroundings, "", "", List.of());
    }
    RedisServer server = RedisServer.start(surroundings);
    try {
      return start(
          surroundings,
          "upstream redis { nchan_redis_server " + server.url() + "; }",
          OVER_REDIS,
          List.of(server.child()));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private RunningServer start(
      Surroundings surroundings, String upstream, String storage, List<Child> helpers)
      throws IOException {
    Path nginx = nginx().orElseThrow(() -> new IOException("no nginx"));
    Path module = module(nginx).orElseThrow(() -> new IOException("no Nchan module"));
    int port = Child.freePort();
    Path directory = Files.createDirectories(surroundings.work().resolve(name()).toAbsolutePath());
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(configuration, configuration(module, directory, port, upstream, storage));
    List<String> command =
        List.of(
            nginx.toString(),
            "-e",
            "stderr",
            "-p",
            directory.toString(),
            "-c",
            configuration.toString());
    Child child = Child.start(name(), surroundings.pinning().server(command), surroundings.work());
    InetSocketAddress address = child.awaitPort(port);
    child.await(() -> published(address));
    return new RunningServer(address, PublishFormat.TEXT, child, helpers);
  }

  /** Until it has its Redis it listens, and answers 503 to everybody. */
  private static Optional<Integer> published(InetSocketAddress to) {
    try {
      URI topic = URI.create("http://127.0.0.1:" + to.getPort() + "/events?topic=started");
      HttpURLConnection publish = (HttpURLConnection) topic.toURL().openConnection();
      publish.setConnectTimeout(1000);
      publish.setReadTimeout(1000);
      publish.setDoOutput(true);
      publish.getOutputStream().write('1');
      int status = publish.getResponseCode();
      return status < 300 ? Optional.of(status) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static String configuration(
      Path module, Path directory, int port, String upstream, String storage) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(Nchan.class.getResourceAsStream("nchan.conf"), "nchan.conf")) {
      return new String(stream.readAllBytes(), UTF_8)
          .replace("{{module}}", module.toString())
          .replace("{{directory}}", directory.toString())
          .replace("{{port}}", String.valueOf(port))
          .replace("{{upstream}}", upstream)
          .replace("{{storage}}", storage);
    }
  }

  // Debian keeps nginx where the path of an ordinary user does not lead.
  private static Optional<Path> nginx() {
    return Programs.find("nginx")
        .or(() -> Optional.of(Path.of("/usr/sbin/nginx")).filter(Files::isExecutable));
  }

  private static Optional<Path> module(Path nginx) {
    try {
      return module(Programs.run(List.of(nginx.toString(), "-V")).output());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where the module is, by what {@code nginx -V} says. */
  static Optional<Path> module(String built) {
    Matcher modules = MODULES.matcher(built);
    return Stream.of(modules.find() ? modules.group(1) : "/usr/lib/nginx/modules")
        .map(directory -> Path.of(directory, MODULE))
        .filter(Files::exists)
        .findFirst();
  }
}
