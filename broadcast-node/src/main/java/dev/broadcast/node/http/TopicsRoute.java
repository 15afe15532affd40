package dev.broadcast.node.http;

import dev.broadcast.api.Names;
import dev.broadcast.node.hub.ClusterConnections.TopicCount;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.TopicFigure;
import dev.broadcast.node.security.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** {@code GET /topics}: what is listened to, by how many, over all nodes. */
final class TopicsRoute {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final CompletableFuture<Map<String, TopicFigure>> NO_FIGURES =
      CompletableFuture.completedFuture(Map.of());

  private final Hub hub;

  TopicsRoute(Hub hub) {
    this.hub = hub;
  }

  void get(Exchange exchange) {
    Query query = exchange.query();
    query.only(Set.of("limit", "cursor", "figures"), null);
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    String after = query.single("cursor");
    boolean figures = query.flag("figures");
    Listing listing = new Listing(limit, exchange.caller());
    exchange.then(
        listing
            .from(after == null ? "" : Names.topic("cursor", after))
            .thenCompose(done -> figures ? figures(listing) : NO_FIGURES),
        known -> exchange.json(200, listing.body(known)));
  }

  /** None while they cannot be had: the list is worth more. */
  private CompletableFuture<Map<String, TopicFigure>> figures(Listing listing) {
    List<String> names = listing.shown().stream().map(TopicCount::topic).toList();
    return names.isEmpty()
        ? NO_FIGURES
        : hub.topicFigures(names).exceptionallyCompose(gone -> NO_FIGURES);
  }

  /**
   * A page of the topics that the caller may read. Others are passed over until it is known whether
   * one more follows: what {@code next} says must not tell of a topic that is none of the caller's
   * business.
   */
  private final class Listing {
    private final int limit;
    private final Caller caller;
    private final List<TopicCount> found = new ArrayList<>();
    private final Set<String> missing = new TreeSet<>();

    Listing(int limit, Caller caller) {
      this.limit = limit;
      this.caller = caller;
    }

    CompletableFuture<Void> from(String after) {
      return hub.registry()
          .topics(limit + 1, after)
          .thenCompose(
              page -> {
                page.topics().stream()
                    .filter(count -> caller.maySubscribe(count.topic()))
                    .forEach(found::add);
                missing.addAll(page.missing());
                String next = page.next();
                return next == null || found.size() > limit
                    ? CompletableFuture.completedFuture(null)
                    : from(next);
              });
    }

    List<TopicCount> shown() {
      return found.subList(0, Math.min(limit, found.size()));
    }

    byte[] body(Map<String, TopicFigure> figures) {
      List<TopicCount> shown = shown();
      return Json.bytes(
          json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("topics");
            for (TopicCount count : shown) {
              json.writeStartObject();
              json.writeStringField("topic", count.topic());
              json.writeNumberField("connections", count.connections());
              TopicFigure figure = figures.get(count.topic());
              if (figure != null) {
                json.writeNumberField("kept", figure.kept());
                json.writeNumberField("received", figure.received());
              }
              json.writeEndObject();
            }
            json.writeEndArray();
            if (shown.size() < found.size()) {
              json.writeStringField("next", shown.get(limit - 1).topic());
            }
            ConnectionsRoute.missing(json, List.copyOf(missing));
            json.writeEndObject();
          });
    }
  }
}
