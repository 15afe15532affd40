package dev.broadcast.node.ops;

import dev.broadcast.node.backplane.RedisSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@link RedisSettings}. */
@SuppressWarnings("NullAway.Init") // picocli fills every field that has a default
final class RedisFlags {
  @Option(
      names = "--redis-url",
      paramLabel = "URL",
      description =
          "Redis that connects the nodes, or @FILE: redis://[[USER:]PASSWORD@]HOST[:PORT]; several"
              + " of them with commas between; redis-sentinel://HOST[:PORT],...?master=NAME;"
              + " redis-cluster://HOST[:PORT],...; rediss for TLS; absent: one node alone.")
  @Nullable String url;

  @Option(
      names = "--redis-user",
      paramLabel = "NAME",
      description = "Redis' ACL user, in place of the URL's.")
  @Nullable String user;

  @Option(
      names = "--redis-password",
      paramLabel = "TEXT",
      description = "Its password, or @FILE, in place of the URL's.")
  @Nullable String password;

  @Option(
      names = "--redis-sentinel-password",
      paramLabel = "TEXT",
      description = "What the sentinels ask for, or @FILE; absent: nothing.")
  @Nullable String sentinelPassword;

  @Option(
      names = "--redis-ca",
      paramLabel = "FILE",
      description = "Certificates that Redis' is signed by, as PEM; absent: those Java trusts.")
  @Nullable String ca;

  @Option(
      names = "--redis-cert",
      paramLabel = "FILE",
      description = "Certificate chain that the node shows to Redis, as PEM; absent: none.")
  @Nullable String certificate;

  @Option(
      names = "--redis-key",
      paramLabel = "FILE",
      description = "Its private key, as PEM (PKCS#8).")
  @Nullable String key;

  @Option(
      names = "--redis-wait-replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "Replicas that must have a message before its publish is acknowledged.")
  int waitReplicas;

  @Nullable RedisSettings settings() {
    String redis = Converters.key("--redis-url", url);
    if (redis == null) {
      Settings.require(
          user == null
              && password == null
              && sentinelPassword == null
              && ca == null
              && certificate == null
              && key == null
              && waitReplicas == 0,
          "--redis-url",
          "expected with the other --redis flags");
      return null;
    }
    return checked(
        () ->
            new RedisSettings(
                redis,
                user,
                Converters.key("--redis-password", password),
                Converters.key("--redis-sentinel-password", sentinelPassword),
                path("--redis-ca", ca),
                path("--redis-cert", certificate),
                path("--redis-key", key),
                waitReplicas));
  }

  static void checked(Runnable check) {
    checked(
        () -> {
          check.run();
          return true;
        });
  }

  /** What the other package calls by its name is a flag here. */
  private static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (InvalidSettingException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(": ");
      throw new InvalidSettingException(
          "--" + message.substring(0, Math.max(0, colon)), message.substring(colon + 2));
    }
  }

  private static @Nullable Path path(String flag, @Nullable String file) {
    try {
      return file == null ? null : Path.of(file);
    } catch (InvalidPathException e) {
      throw new InvalidSettingException(flag, "a file expected");
    }
  }
}
