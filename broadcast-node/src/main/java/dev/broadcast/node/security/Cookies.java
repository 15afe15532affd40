package dev.broadcast.node.security;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the cookies that stand for credentials (RFC 6265). */
public final class Cookies {
  /** A token that the page's own server set. */
  static final String TOKEN = "broadcast_token";

  /** Begins the name of a pass that a redeemed ticket left. */
  static final String PASS = TOKEN + "_";

  private static final int MOST = 32;

  private Cookies() {}

  /** The cookie of a ticket's pass. */
  public static String passOf(String ticket) {
    return PASS + KeyAuthenticator.name(KeyAuthenticator.digest(ticket)).substring(0, 12);
  }

  /** The values of the cookies whose name is, or begins with, {@code name}. */
  static List<String> values(List<String> headers, String name, boolean prefix) {
    List<String> values = new ArrayList<>(1);
    for (String header : headers) {
      for (String pair : header.split(";", -1)) {
        String value = value(pair.strip(), name, prefix);
        if (value != null && values.size() < MOST) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /** The names of the passes among the cookies, in their order. */
  public static List<String> passNames(List<String> headers) {
    List<String> names = new ArrayList<>();
    for (String header : headers) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? "" : pair.substring(0, equals).strip();
        if (name.matches(PASS + "[0-9a-f]{12}") && !names.contains(name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static @Nullable String value(String pair, String name, boolean prefix) {
    int equals = pair.indexOf('=');
    if (equals < 0 || !pair.startsWith(name) || (!prefix && equals != name.length())) {
      return null;
    }
    String value = pair.substring(equals + 1).strip();
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
