package dev.broadcast.node.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once, if Redis may evict what it holds for us: a lost stream is a topic's history, a lost
 * state is every topic's.
 */
final class EvictionCheck {
  private static final Logger LOG = LoggerFactory.getLogger(EvictionCheck.class);
  private static final Pattern LIMIT = Pattern.compile("(?m)^maxmemory:([0-9]+)");
  private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:(\\S+)");

  private final AtomicBoolean warned = new AtomicBoolean();

  void check(StatefulRedisConnection<byte[], byte[]> connection) {
    connection
        .async()
        .info("memory")
        .thenAccept(
            info -> {
              String policy = risky(info);
              if (!policy.isEmpty() && warned.compareAndSet(false, true)) {
                LOG.warn(
                    "maxmemory-policy is {}: Redis may evict history, and clients will be told to"
                        + " reset; set it to noeviction, or leave maxmemory unset",
                    policy);
              }
            });
  }

  /** The policy, if it may evict our keys: all of them expire but the state. */
  static String risky(String info) {
    Matcher limit = LIMIT.matcher(info);
    Matcher policy = POLICY.matcher(info);
    boolean limited = limit.find() && !limit.group(1).equals("0");
    return limited && policy.find() && !policy.group(1).equals("noeviction") ? policy.group(1) : "";
  }
}
