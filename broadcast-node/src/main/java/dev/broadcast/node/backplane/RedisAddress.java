package dev.broadcast.node.backplane;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where Redis is: {@code redis://} or, with TLS, {@code rediss://}, then {@code
 * [[user:]password@]host[:port][/database]}. Never shows the password.
 */
final class RedisAddress {
  private static final Pattern RUN = Pattern.compile("run_id:(\\w+)");
  private static final Pattern FORM =
      Pattern.compile(
          "rediss?://([^@/\\s]*@)?(\\[[0-9a-fA-F:.]+]|[^:/@?#\\s]+)(:[0-9]{1,5})?(/[0-9]{0,5})?(\\?.*)?");
  private static final Pattern SECRET = Pattern.compile("://([^/@]*)@");

  private final String url;
  private final RedisURI uri;

  /**
   * @throws IllegalArgumentException if it is none, with a message that is fit for the operator
   */
  RedisAddress(String url) {
    this.url = url;
    RedisURI parsed = null;
    if (FORM.matcher(url).matches()) {
      try {
        parsed = RedisURI.create(url);
      } catch (RuntimeException e) {
        // Not passed on: its message holds the whole address, and so the password.
      }
    }
    if (parsed == null) {
      throw new IllegalArgumentException(
          "redis:// or rediss://, then [[user:]password@]host[:port][/database] expected,"
              + " with user and password percent-encoded");
    }
    this.uri = parsed;
  }

  RedisURI uri(Duration timeout) {
    RedisURI copy = RedisURI.builder(uri).withTimeout(timeout).build();
    copy.setCredentialsProvider(uri.getCredentialsProvider());
    return copy;
  }

  /** What the driver said, in one line without secrets. */
  String explain(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = String.valueOf(cause.getMessage());
    Matcher secret = SECRET.matcher(url);
    if (secret.find() && !secret.group(1).isEmpty()) {
      String user = secret.group(1);
      String password = user.substring(user.indexOf(':') + 1);
      text = text.replace(user, "***");
      text = password.isEmpty() ? text : text.replace(password, "***");
    }
    return text.lines().findFirst().orElse("no reason given");
  }

  static String runOf(String info) {
    Matcher run = RUN.matcher(info);
    return run.find() ? run.group(1) : "";
  }

  @Override
  public String toString() {
    return SECRET.matcher(url).replaceFirst("://***@");
  }
}
