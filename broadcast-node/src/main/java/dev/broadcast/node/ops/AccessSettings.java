package dev.broadcast.node.ops;

import static dev.broadcast.node.ops.Settings.between;
import static dev.broadcast.node.ops.Settings.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of who gets in and how, beside static keys. What each means stands in {@link
 * AccessFlags}. Whether keys and certificates can be used shows when they are.
 *
 * @throws InvalidSettingException naming the flag, if a setting breaks its rule
 */
public record AccessSettings(
    @Nullable String jwtKey,
    @Nullable String jwtJwks,
    @Nullable String jwtAudience,
    @Nullable String jwtIssuer,
    Duration ticketLifetime,
    List<String> corsOrigins,
    @Nullable String tlsCert,
    @Nullable String tlsKey,
    int maxConnectionsPerKey,
    int maxConnectsPerSecond,
    int managementPort,
    List<Path> plugins) {

  public AccessSettings {
    notBlank("--jwt-key", jwtKey);
    notBlank("--jwt-jwks", jwtJwks);
    notBlank("--jwt-audience", jwtAudience);
    notBlank("--jwt-issuer", jwtIssuer);
    notBlank("--tls-cert", tlsCert);
    notBlank("--tls-key", tlsKey);
    boolean tokens = jwtKey != null || jwtJwks != null;
    require(
        jwtAudience == null || tokens, "--jwt-audience", "--jwt-key or --jwt-jwks expected, too");
    require(jwtIssuer == null || tokens, "--jwt-issuer", "--jwt-key or --jwt-jwks expected, too");
    between("--ticket-lifetime", ticketLifetime, Duration.ofSeconds(1), Duration.ofHours(1));
    require(tlsCert == null || tlsKey != null, "--tls-cert", "--tls-key expected, too");
    require(tlsKey == null || tlsCert != null, "--tls-key", "--tls-cert expected, too");
    between("--max-connections-per-key", maxConnectionsPerKey, 0, 10_000_000);
    between("--max-connects-per-second", maxConnectsPerSecond, 0, 1_000_000);
    between("--management-port", managementPort, 0, 65_535);
    corsOrigins = List.copyOf(corsOrigins);
    plugins = List.copyOf(plugins);
  }

  /** Whether tokens are checked. */
  public boolean tokens() {
    return jwtKey != null || jwtJwks != null;
  }

  /** Whether the node speaks TLS. */
  public boolean tls() {
    return tlsCert != null;
  }

  private static void notBlank(String flag, @Nullable String value) {
    require(value == null || !value.isBlank(), flag, "a value expected; it is empty");
  }

  /** Says nothing: what a record would print holds a secret. */
  @Override
  public String toString() {
    return "AccessSettings[tls=" + tls() + "]";
  }
}
