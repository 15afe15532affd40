package dev.broadcast.node;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.node.ops.AccessSettings;
import dev.broadcast.node.ops.InvalidSettingException;
import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.security.Guard;
import dev.broadcast.node.security.JwtSettings;
import dev.broadcast.node.security.Keys;
import dev.broadcast.node.security.Origins;
import dev.broadcast.node.security.PassSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Who gets into a node, made of its settings: before anything else, so that a wrong one shows. */
final class NodeAccess implements PassSecrets {
  private static final String PEM = "-----BEGIN ";
  private static final int LONG_ENOUGH = 32;

  private final Guard guard;
  private final @Nullable NodeTls tls;
  private volatile @Nullable PassSecrets secrets;

  /**
   * @param authenticators what the program adds to keys and tokens
   * @throws InvalidSettingException if a setting turns out to be wrong
   */
  NodeAccess(Settings settings, List<Authenticator> authenticators) {
    settings.requireRights(!authenticators.isEmpty());
    AccessSettings access = settings.access();
    Origins origins = named("--cors-origins", () -> Origins.of(access.corsOrigins()));
    JwtSettings tokens =
        new JwtSettings(
            access.jwtKey(), access.jwtJwks(), access.jwtAudience(), access.jwtIssuer());
    Keys keys = new Keys(settings.subscribeKey(), settings.publishKey(), settings.adminKey());
    guard =
        named("", () -> Guard.of(keys, tokens, authenticators, origins, settings.loopback(), this));
    String chain = access.tlsCert();
    String key = access.tlsKey();
    tls =
        chain == null || key == null
            ? null
            : named("", () -> new NodeTls(chain, key, settings.headTimeout()));
  }

  /**
   * A secret that is the same for every start with the same settings, for a node that shares none
   * with others: so a browser's cookie outlives a restart. Null where the settings hold no secret
   * that is too long to be guessed by who has something signed with it.
   */
  static @Nullable String seed(Settings settings) {
    List<String> secrets =
        Stream.of(
                settings.subscribeKey(),
                settings.publishKey(),
                settings.adminKey(),
                settings.access().jwtKey())
            .filter(key -> key != null && !key.startsWith(PEM))
            .toList();
    if (secrets.stream().noneMatch(key -> key.length() >= LONG_ENOUGH)) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              String.join("\n", secrets).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] seed = mac.doFinal("broadcast passes".getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(seed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** How it speaks TLS, or null if it does not. */
  @Nullable NodeTls tls() {
    return tls;
  }

  /**
   * The guard.
   *
   * @param from where the cluster's secret is
   */
  Guard guard(PassSecrets from) {
    secrets = from;
    return guard;
  }

  @Override
  public CompletableFuture<String> secret() {
    PassSecrets from = secrets;
    return from == null
        ? CompletableFuture.failedFuture(new IllegalStateException("the node is starting"))
        : from.secret();
  }

  /** Turns what a check says into what the operator reads. */
  static void check(String flag, Runnable check) {
    var unused =
        named(
            flag,
            () -> {
              check.run();
              return flag;
            });
  }

  /** An exception that names a flag itself has it before a colon. */
  private static <T> T named(String flag, Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.startsWith("--") ? message.indexOf(": ") : -1;
      throw colon > 0
          ? new InvalidSettingException(message.substring(0, colon), message.substring(colon + 2))
          : new InvalidSettingException(flag, message);
    }
  }
}
