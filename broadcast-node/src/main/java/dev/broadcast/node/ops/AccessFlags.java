package dev.broadcast.node.ops;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@link AccessSettings}. */
@SuppressWarnings("NullAway.Init") // picocli fills every field that has a default
final class AccessFlags {
  @Option(
      names = "--jwt-key",
      paramLabel = "KEY",
      description =
          "What tokens are checked with: a secret of at least 32 bytes (HS256, HS384, HS512), a"
              + " public key or certificate as PEM (RS, PS, ES, EdDSA), or @FILE. With it nothing"
              + " is open any more.")
  @Nullable String jwtKey;

  @Option(
      names = "--jwt-jwks",
      paramLabel = "URL|FILE",
      description =
          "The same as a JSON Web Key Set; one at a URL is fetched again when it changes.")
  @Nullable String jwtJwks;

  @Option(
      names = "--jwt-audience",
      paramLabel = "TEXT",
      description = "What a token's aud must hold; absent: anything.")
  @Nullable String jwtAudience;

  @Option(
      names = "--jwt-issuer",
      paramLabel = "TEXT",
      description = "What a token's iss must be; absent: anything.")
  @Nullable String jwtIssuer;

  @Option(
      names = "--ticket-lifetime",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description = "How long a ticket of POST /tickets can be redeemed.")
  Duration ticketLifetime;

  @Option(
      names = "--cors-origins",
      paramLabel = "ORIGIN,...",
      hideParamSyntax = true,
      split = ",",
      description =
          "Origins whose pages may use the node, https://app.example,http://localhost:3000;"
              + " absent: its own only.")
  @Nullable List<String> corsOrigins;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate chain as PEM, for TLS; read again when it changes.")
  @Nullable String tlsCert;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its private key as PEM, without a password.")
  @Nullable String tlsKey;

  @Option(
      names = "--max-connections-per-key",
      paramLabel = "N|off",
      defaultValue = "off",
      converter = Converters.NumberOrOff.class,
      description = "Connections of one key or token on this node.")
  int maxConnectionsPerKey;

  @Option(
      names = "--max-connects-per-second",
      paramLabel = "N|off",
      defaultValue = "off",
      converter = Converters.NumberOrOff.class,
      description =
          "Streams a second on this node that one key or token, without one an address, asks for.")
  int maxConnectsPerSecond;

  @Option(
      names = "--management-port",
      paramLabel = "PORT|off",
      defaultValue = "off",
      converter = Converters.NumberOrOff.class,
      description =
          "Port of its own, on the same host, for health and what else is for operations, where no"
              + " key is asked for; off: they are on --port.")
  int managementPort;

  @Option(
      names = "--plugins",
      paramLabel = "PATH,...",
      hideParamSyntax = true,
      split = ",",
      description =
          "Jars, or directories of jars, with message handlers and authenticators of your own.")
  @Nullable List<Path> plugins;

  AccessSettings settings() {
    return new AccessSettings(
        Converters.key("--jwt-key", jwtKey),
        jwtJwks,
        jwtAudience,
        jwtIssuer,
        ticketLifetime,
        corsOrigins == null ? List.of() : corsOrigins,
        tlsCert,
        tlsKey,
        maxConnectionsPerKey,
        maxConnectsPerSecond,
        managementPort,
        plugins == null ? List.of() : plugins);
  }
}
