package dev.broadcast.node.security;

/** Names and addresses of this machine that no other machine's name server can give away. */
final class LoopbackNames {
  private static final String LOCALHOST = "localhost";
  private static final int LONGEST_PORT = 5;

  private LoopbackNames() {}

  /** localhost and what ends with .localhost, 127.0.0.0/8, [::1]; perhaps with a port. */
  static boolean isLoopback(String host) {
    String name = withoutPort(host);
    int end = name.endsWith(".") ? name.length() - 1 : name.length();
    int start = end - LOCALHOST.length();
    if (start >= 0 && name.regionMatches(true, start, LOCALHOST, 0, LOCALHOST.length())) {
      return start == 0 || (start > 1 && name.charAt(start - 1) == '.');
    }
    return name.equals("[::1]") || isLoopbackAddress(name);
  }

  private static String withoutPort(String host) {
    int digits = 0;
    while (digits < host.length() && isDigit(host.charAt(host.length() - 1 - digits))) {
      digits++;
    }
    int colon = host.length() - 1 - digits;
    boolean port = digits > 0 && digits <= LONGEST_PORT && colon >= 0 && host.charAt(colon) == ':';
    return port ? host.substring(0, colon) : host;
  }

  /** 127 and three times a dot with one to three digits. */
  private static boolean isLoopbackAddress(String name) {
    if (!name.startsWith("127.")) {
      return false;
    }
    int dots = 0;
    int digits = 0;
    for (int i = 3; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '.' && (dots == 0 || digits > 0)) {
        dots++;
        digits = 0;
      } else if (isDigit(c) && digits < 3) {
        digits++;
      } else {
        return false;
      }
    }
    return dots == 3 && digits > 0;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
