package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * In which shape Redis is there, and where. What {@code --redis-url} says, taken apart.
 *
 * @param kind the shape
 * @param servers the server; the sentinels; some nodes of the Cluster; or all servers, of which
 *     shard i is on number i modulo their count
 * @param master what the sentinels call it; empty without sentinels
 */
record RedisTopology(Kind kind, List<RedisAddress> servers, String master) {
  /** The shapes. */
  enum Kind {
    ONE,
    SENTINEL,
    CLUSTER,
    SEVERAL
  }

  private static final Pattern BETWEEN_URLS = Pattern.compile(",(?=[a-z-]+://)");
  private static final Pattern FORM =
      Pattern.compile(
          "redis(s?)(-sentinel|-cluster)?://(?:([^@/\\s]*)@)?([^@/?#\\s]+)(/[0-9]{0,5})?(.*)");
  private static final Pattern SERVER =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");
  private static final Pattern MASTER =
      Pattern.compile("(?:\\?(?:master|sentinelMasterId)=|#)([A-Za-z0-9_.-]+)");
  private static final String EXPECTED =
      "redis-url: redis://[[USER:]PASSWORD@]HOST[:PORT][/DATABASE] expected, or several of them,"
          + " comma between, or redis-sentinel://HOST[:PORT],...?master=NAME, or"
          + " redis-cluster://HOST[:PORT],...; rediss... for TLS; user and password"
          + " percent-encoded";

  RedisTopology {
    servers = List.copyOf(servers);
  }

  /**
   * Takes it apart.
   *
   * @throws IllegalArgumentException if it is none, with a message that is fit for the operator and
   *     holds no secret
   */
  static RedisTopology parse(String text) {
    String[] urls = BETWEEN_URLS.split(text, -1);
    if (urls.length == 1) {
      return one(text);
    }
    List<RedisAddress> servers = new ArrayList<>();
    for (String url : urls) {
      RedisTopology each = one(url);
      if (each.kind != Kind.ONE) {
        throw wrong("several servers are several redis:// or rediss:// URLs, nothing else");
      }
      servers.addAll(each.servers);
    }
    if (new HashSet<>(servers.stream().map(s -> s + "/" + s.database()).toList()).size()
        < servers.size()) {
      throw wrong("the same server is named twice");
    }
    return new RedisTopology(Kind.SEVERAL, servers, "");
  }

  private static RedisTopology one(String url) {
    Matcher form = FORM.matcher(url);
    if (!form.matches()) {
      throw new IllegalArgumentException(EXPECTED);
    }
    boolean tls = !form.group(1).isEmpty();
    Kind kind = kind(form.group(2));
    int database = database(form.group(5));
    String master = master(kind, form.group(6));
    if (kind == Kind.CLUSTER && database != 0) {
      throw wrong("a Cluster has database 0 only");
    }
    List<RedisAddress> servers = new ArrayList<>();
    for (String server : form.group(4).split(",", -1)) {
      Matcher parts = SERVER.matcher(server);
      if (!parts.matches()) {
        throw new IllegalArgumentException(EXPECTED);
      }
      String host = parts.group(1).replaceAll("[\\[\\]]", "");
      String port = parts.group(2);
      int number = port != null ? Integer.parseInt(port) : kind == Kind.SENTINEL ? 26_379 : 6_379;
      servers.add(address(host, number, tls, database, form.group(3)));
    }
    if (kind == Kind.ONE && servers.size() > 1) {
      throw wrong("one server a redis:// URL; several are redis://HOST,redis://HOST,...");
    }
    return new RedisTopology(kind, servers, master);
  }

  private static Kind kind(@Nullable String suffix) {
    if (suffix == null) {
      return Kind.ONE;
    }
    return suffix.equals("-sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
  }

  private static int database(@Nullable String path) {
    return path == null || path.length() == 1 ? 0 : Integer.parseInt(path.substring(1));
  }

  private static String master(Kind kind, String rest) {
    if (kind != Kind.SENTINEL) {
      if (!rest.isEmpty()) {
        throw wrong("nothing expected after host, port and database");
      }
      return "";
    }
    Matcher master = MASTER.matcher(rest);
    if (!master.matches()) {
      throw wrong("which master the sentinels watch expected at the end: ?master=NAME");
    }
    return master.group(1);
  }

  private static RedisAddress address(
      String host, int port, boolean tls, int database, @Nullable String credentials) {
    if (port < 1 || port > 65_535) {
      throw wrong("ports are 1 to 65535");
    }
    if (credentials == null || credentials.isEmpty()) {
      return new RedisAddress(host, port, tls, database, null, null);
    }
    int colon = credentials.indexOf(':');
    String user = colon < 1 ? null : decoded(credentials.substring(0, colon));
    String password = decoded(credentials.substring(colon + 1));
    return new RedisAddress(host, port, tls, database, user, password.isEmpty() ? null : password);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(EXPECTED); // Its message would hold the secret.
    }
  }

  private static IllegalArgumentException wrong(String detail) {
    return new IllegalArgumentException("redis-url: " + detail);
  }

  /** The same with these credentials in place of those of the URL. */
  RedisTopology as(@Nullable String user, @Nullable String password) {
    return new RedisTopology(
        kind,
        servers.stream()
            .map(
                server ->
                    server.as(
                        user == null ? server.user() : user,
                        password == null ? server.password() : password))
            .toList(),
        master);
  }
}
