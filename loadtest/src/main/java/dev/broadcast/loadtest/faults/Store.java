package dev.broadcast.loadtest.faults;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** All the Redis of a scene, in one of its shapes. One thread. */
interface Store extends Closeable {
  /** What nodes are told about it, beyond the way to it where that is a {@link Proxy}. */
  List<String> flags();

  /** The data of all messages that its histories hold now. */
  Set<String> kept() throws IOException;

  /** What names the lifetimes of its sequences; another text means that all of one is gone. */
  String epoch() throws IOException;
}
