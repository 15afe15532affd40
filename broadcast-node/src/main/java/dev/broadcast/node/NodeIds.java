package dev.broadcast.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.Locale;

/** Names a node that was given no id: after its host, with a part that no other start has. */
final class NodeIds {
  private NodeIds() {}

  static String make() {
    return hostName() + "-" + Integer.toString(new SecureRandom().nextInt(36 * 36 * 36 * 36), 36);
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      String fit = name.replaceAll("[^a-z0-9.-]", "-");
      return fit.substring(0, Math.min(40, fit.length()));
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}
