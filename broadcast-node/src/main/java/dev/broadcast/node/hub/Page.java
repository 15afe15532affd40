package dev.broadcast.node.hub;

import java.util.List;
import java.util.Map;

/**
 * The next part of a walk through history. Positions are one a shard of the {@link Selection}.
 *
 * @param from where the walker stands once it was told the resets, before the events
 * @param resets to be told before the events
 * @param events to be looked at in this order; filters are not applied yet
 * @param upTo where the walker stands after them
 * @param starts topics whose walk starts later than {@code upTo}
 * @param complete whether that is the head: the connection is live from here
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Page(
    long[] from,
    List<Reset> resets,
    List<Event> events,
    long[] upTo,
    Map<String, Long> starts,
    boolean complete) {}
