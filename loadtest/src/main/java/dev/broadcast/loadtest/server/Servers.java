package dev.broadcast.loadtest.server;

import java.util.List;
import java.util.Optional;

/** All servers that the benchmark knows, in the order in which a report shows them. */
public final class Servers {
  /** What others are compared with. */
  public static final String FLOOR = "floor";

  private static final List<ServerUnderTest> ALL =
      List.of(
          new Floor(),
          BroadcastNode.inProcess(),
          BroadcastNode.onRedis(1, 1),
          BroadcastNode.onRedis(1, 2),
          BroadcastNode.onRedis(1, 4),
          BroadcastNode.onRedis(2, 2),
          BroadcastNode.onRedis(4, 4),
          new VertxPlain(),
          SpringServer.mvc(),
          SpringServer.webFlux(),
          new Nchan(false),
          new Nchan(true));

  private Servers() {}

  public static List<ServerUnderTest> all() {
    return ALL;
  }

  /** The server of that name. */
  public static Optional<ServerUnderTest> named(String name) {
    return ALL.stream().filter(server -> server.name().equals(name)).findFirst();
  }
}
