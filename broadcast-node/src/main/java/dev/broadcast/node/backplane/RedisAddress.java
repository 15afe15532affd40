package dev.broadcast.node.backplane;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One server and how to get in. Never shows the password.
 *
 * @param tls whether it speaks TLS; its certificate must fit the host
 * @param database 0 but for single servers
 * @param user null for the default one
 */
record RedisAddress(
    String host,
    int port,
    boolean tls,
    int database,
    @Nullable String user,
    @Nullable String password) {
  private static final Pattern RUN = Pattern.compile("run_id:(\\w+)");

  RedisAddress {
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("host and port from 1 to 65535 expected");
    }
  }

  /** Another server of the same kind with the same credentials. */
  RedisAddress at(String otherHost, int otherPort) {
    return new RedisAddress(otherHost, otherPort, tls, database, user, password);
  }

  /** The same server with other credentials. */
  RedisAddress as(@Nullable String otherUser, @Nullable String otherPassword) {
    return new RedisAddress(host, port, tls, database, otherUser, otherPassword);
  }

  boolean isSameServer(@Nullable RedisAddress other) {
    return other != null && host.equals(other.host) && port == other.port;
  }

  RedisURI uri(Duration timeout) {
    RedisURI.Builder uri =
        RedisURI.builder()
            .withHost(host)
            .withPort(port)
            .withSsl(tls)
            .withVerifyPeer(tls)
            .withDatabase(database)
            .withTimeout(timeout);
    if (password != null && user != null) {
      uri.withAuthentication(user, password.toCharArray());
    } else if (password != null) {
      uri.withPassword(password.toCharArray());
    }
    return uri.build();
  }

  static String runOf(String info) {
    Matcher run = RUN.matcher(info);
    return run.find() ? run.group(1) : "";
  }

  @Override
  public String toString() {
    return (host.contains(":") ? '[' + host + ']' : host) + ':' + port;
  }
}
