package dev.broadcast.node;

import dev.broadcast.node.security.ServerCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a node's servers: 1.2 and 1.3, HTTP/2 by ALPN. The certificate's files are read again and
 * again, so that a renewed one is served without a restart; while they are wrong (half of a
 * renewal, perhaps), the last good one is.
 */
final class NodeTls {
  private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final String chainFile;
  private final String keyFile;
  private final Duration handshake;
  private volatile ServerCertificate served;
  private volatile String complaint = "";

  /**
   * @param handshake how long one may take
   * @throws IllegalArgumentException naming the flag of the file that is wrong
   */
  NodeTls(String chainFile, String keyFile, Duration handshake) {
    this.chainFile = chainFile;
    this.keyFile = keyFile;
    this.handshake = handshake;
    this.served = ServerCertificate.read(chainFile, keyFile);
  }

  /** Makes a server speak TLS. */
  void apply(HttpServerOptions options) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(served.options())
        .setEnabledSecureTransportProtocols(PROTOCOLS)
        .setSslHandshakeTimeout(handshake.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /**
   * Looks for a new certificate from now on.
   *
   * @param renewed what a server is to be told, by the thread that looks
   */
  void watch(Vertx vertx, Consumer<ServerSSLOptions> renewed) {
    vertx.setPeriodic(
        LOOK.toMillis(),
        timer -> {
          var unused =
              vertx.executeBlocking(
                  () -> {
                    look(renewed);
                    return null;
                  });
        });
  }

  private void look(Consumer<ServerSSLOptions> renewed) {
    try {
      ServerCertificate now = ServerCertificate.read(chainFile, keyFile);
      if (!now.sameAs(served)) {
        served = now;
        renewed.accept(
            new ServerSSLOptions()
                .setKeyCertOptions(now.options())
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setSslHandshakeTimeout(handshake.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        LOG.info("event=certificate_renewed file={}", chainFile);
      }
      complaint = "";
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(complaint)) {
        LOG.error("event=certificate_not_renewed reason={}", message);
      }
      complaint = message;
    }
  }
}
