package dev.broadcast.node.hub;

import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.backplane.Roster.Gathered;
import dev.broadcast.node.hub.ClusterConnections.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Lists the connections of a cluster in pages: node after node in the order of their ids, on each
 * loop after loop, on each in the order of their places. Any thread.
 *
 * @param patience how long a node may take to answer
 */
record ConnectionListing(Roster roster, Duration patience) {
  CompletableFuture<Rows> page(ConnectionQuery query) {
    Place from = query.after() == null ? new Place("", 0, 0) : Place.parse(query.after());
    return roster
        .ask(
            Question.of(
                Question.LIST,
                from.node(),
                from.loop(),
                from.place(),
                query.limit() + 1, // one more says where the next page begins
                Question.filters(query)),
            patience)
        .thenApply(gathered -> merged(gathered, query.limit()));
  }

  private static Rows merged(Gathered gathered, int limit) {
    List<String> rows = new ArrayList<>();
    for (Map.Entry<String, String> node : new TreeMap<>(gathered.answers()).entrySet()) {
      for (String line : node.getValue().split("\n", -1)) {
        if (line.isEmpty()) {
          continue; // a node without any
        }
        String[] row = line.split(" ", 3);
        if (rows.size() == limit) {
          String next = node.getKey() + '.' + row[0] + '.' + row[1];
          return new Rows(rows, next, gathered.missing());
        }
        rows.add(row[2]);
      }
    }
    return new Rows(rows, null, gathered.missing());
  }

  /** Where a listing goes on. */
  private record Place(String node, int loop, int place) {
    static Place parse(String cursor) {
      int last = cursor.lastIndexOf('.');
      int before = cursor.lastIndexOf('.', last - 1);
      if (before < 0) {
        throw new IllegalArgumentException("cursor: what a page called next expected");
      }
      try {
        int loop = Integer.parseInt(cursor.substring(before + 1, last));
        int place = Integer.parseInt(cursor.substring(last + 1));
        if (loop >= 0 && place >= 0) {
          return new Place(cursor.substring(0, before), loop, place);
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException("cursor: what a page called next expected");
    }
  }
}
