package dev.broadcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Redis that tests share when they only need some Redis, one per test JVM: the one {@code
 * BROADCAST_TEST_REDIS_URL} names, else a container where a Docker engine answers, else a process
 * from {@code redis-server} on the path or from the embedded binary. Never absent: a test that
 * needs Redis does not skip.
 *
 * <p>It is clean for whoever uses a {@link #freshPrefix} and touches nothing outside it; it may be
 * somebody's Redis, so never flush it. Tests that kill or empty Redis use {@link RedisServer}.
 */
public final class TestRedis {

  private static final DockerImageName IMAGE = DockerImageName.parse("redis:7.4-alpine");

  private TestRedis() {}

  /** As in {@code redis://127.0.0.1:6379}. */
  public static String url() {
    return Holder.URL;
  }

  /** A prefix for keys and channels under which there is nothing yet. */
  public static String freshPrefix() {
    return "test-" + UUID.randomUUID().toString().substring(0, 13);
  }

  /** Started by the first test that asks, ended with the JVM. */
  private static final class Holder {
    static final String URL = provide();
  }

  private static String provide() {
    String given = System.getenv("BROADCAST_TEST_REDIS_URL");
    if (given != null && !given.isBlank()) {
      return given;
    }
    String contained = container();
    return contained != null ? contained : process();
  }

  private static @Nullable String container() {
    if (!mayHaveDocker() || !DockerClientFactory.instance().isDockerAvailable()) {
      return null;
    }
    try {
      // Not closed here: Testcontainers' own reaper ends it with this JVM.
      var redis = new GenericContainer<>(IMAGE).withExposedPorts(6379);
      redis.start();
      return "redis://" + redis.getHost() + ":" + redis.getMappedPort(6379);
    } catch (RuntimeException e) {
      // An engine that cannot pull the image; a process serves the tests as well.
      return null;
    }
  }

  /** Looking for an engine that cannot be there costs Testcontainers a second and much output. */
  private static boolean mayHaveDocker() {
    return System.getenv("DOCKER_HOST") != null
        || Files.exists(Path.of("/var/run/docker.sock"))
        || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"));
  }

  private static String process() {
    try {
      Path directory = Files.createTempDirectory("broadcast-test-redis");
      return RedisServer.start(directory.resolve("data"), RedisServer.Fsync.NO).url();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
