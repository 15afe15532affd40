package dev.broadcast.node.ops.metrics;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.hub.CloseReason;
import dev.broadcast.node.hub.ClusterHub;
import dev.broadcast.node.hub.HubMetrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Names what the node counts. In a class of its own: its libraries are loaded with it. */
final class MeterRegistries {
  private MeterRegistries() {}

  static PrometheusMeterRegistry of(ClusterHub hub, Backplane backplane, LoopLag lag) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    messages(registry, hub.metrics());
    connections(registry, hub);
    backplane(registry, hub.metrics(), backplane);
    machine(registry, lag);
    registry
        .getPrometheusRegistry()
        .register(
            new HistogramPage(
                "broadcast_publish_to_write_seconds",
                "From the backplane's clock to the sockets of live connections.",
                hub.metrics()::publishLatency));
    return registry;
  }

  private static void messages(MeterRegistry registry, HubMetrics hub) {
    counter(
        registry,
        "broadcast.messages.published",
        "Messages that this node's publishers had stored.",
        hub,
        HubMetrics::messagesPublished);
    String failed = "broadcast.publishes.not.stored";
    String why = "Publishes that stored nothing new, by outcome.";
    outcome(registry, failed, why, "not-stored", hub, HubMetrics::publishesNotStored);
    outcome(registry, failed, why, "unknown", hub, HubMetrics::publishesUnknown);
    outcome(registry, failed, why, "key-reused", hub, HubMetrics::publishesKeyReused);
    outcome(registry, failed, why, "repeated", hub, HubMetrics::publishesRepeated);
    counter(
        registry,
        "broadcast.events.delivered",
        "Events put on connections that were live.",
        hub,
        HubMetrics::eventsDelivered);
    counter(
        registry,
        "broadcast.events.dropped",
        "Events among those delivered that were taken out of a queue again: the connection fell"
            + " behind, and reads them from history, or it ended.",
        hub,
        HubMetrics::eventsDropped);
    counter(
        registry,
        "broadcast.events.replayed",
        "Events put on connections that were behind.",
        hub,
        HubMetrics::eventsReplayed);
    counter(
        registry,
        "broadcast.event.delivered.bytes",
        "Bytes of the events delivered.",
        hub,
        HubMetrics::bytesDelivered);
    counter(
        registry,
        "broadcast.event.replayed.bytes",
        "Bytes of the events replayed.",
        hub,
        HubMetrics::bytesReplayed);
    counter(registry, "broadcast.resets", "Resets told to clients.", hub, HubMetrics::resets);
  }

  private static void connections(MeterRegistry registry, ClusterHub hub) {
    HubMetrics metrics = hub.metrics();
    gauge(registry, "broadcast.connections", "Open connections.", hub::connections);
    gauge(
        registry,
        "broadcast.connections.behind",
        "Connections that walk through history, a second ago.",
        () -> hub.waiting().behind());
    counter(
        registry,
        "broadcast.connections.opened",
        "Streams opened.",
        metrics,
        HubMetrics::connectionsOpened);
    counter(
        registry,
        "broadcast.connections.fell.behind",
        "How often a connection's queue was full, so that it went on through history.",
        metrics,
        HubMetrics::connectionsFellBehind);
    for (CloseReason reason : CloseReason.values()) {
      FunctionCounter.builder("broadcast.disconnects", metrics, m -> m.disconnects(reason))
          .description("Streams ended, by reason.")
          .tag("reason", reason.wire())
          .register(registry);
    }
    gauge(
        registry,
        "broadcast.queue.messages",
        "Messages that wait for slow connections, a second ago.",
        () -> hub.waiting().messages());
    gauge(
        registry,
        "broadcast.queue.bytes",
        "Bytes that wait for slow connections, a second ago.",
        () -> hub.waiting().bytes());
    gauge(
        registry,
        "broadcast.queue.high.water.messages",
        "The most messages that waited for one connection since the start.",
        metrics::queueHighWater);
  }

  private static void backplane(MeterRegistry registry, HubMetrics hub, Backplane backplane) {
    gauge(
        registry,
        "broadcast.backplane.ready",
        "1 while messages flow between the nodes, else 0.",
        () -> backplane.health().ready() ? 1 : 0);
    gauge(
        registry,
        "broadcast.backplane.round.trip.seconds",
        "How long the backplane took to answer the last probe; NaN before the first, and in-process.",
        () -> roundTrip(backplane));
    counter(
        registry,
        "broadcast.backplane.backfills",
        "Reads of messages that this node missed.",
        hub,
        HubMetrics::backfills);
    counter(
        registry,
        "broadcast.backplane.epochs",
        "New epochs seen: the backplane lost its data.",
        hub,
        HubMetrics::epochs);
    counter(
        registry,
        "broadcast.backplane.generations",
        "New generations seen: another process numbers the messages.",
        hub,
        HubMetrics::generations);
    counter(
        registry,
        "broadcast.backplane.unreadable.entries",
        "Entries in the backplane that no node can have written.",
        hub,
        HubMetrics::unreadableEntries);
    counter(
        registry,
        "broadcast.backplane.malformed.frames",
        "Frames on the backplane's channels that no node can have written.",
        backplane,
        b -> b.figures().malformedFrames());
    counter(
        registry,
        "broadcast.idempotency.keys.dropped",
        "Idempotency keys forgotten before their time, since there were too many.",
        backplane,
        b -> b.figures().idempotencyKeysDroppedEarly());
  }

  private static double roundTrip(Backplane backplane) {
    long nanos = backplane.figures().roundTripNanos();
    return nanos < 0 ? Double.NaN : nanos / 1e9;
  }

  @SuppressWarnings("resource") // it listens to the collector for as long as the process lives
  private static void machine(MeterRegistry registry, LoopLag lag) {
    for (int i = 0; i < lag.loops(); i++) {
      int loop = i;
      Gauge.builder("broadcast.event.loop.lag.seconds", () -> lag.seconds(loop))
          .description("The longest that a task waited for its event loop, of the last 15 s.")
          .tag("loop", Integer.toString(loop))
          .register(registry);
    }
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    ResidentMemory.bindTo(registry);
  }

  private static <T> void counter(
      MeterRegistry registry, String name, String what, T from, ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, from, count).description(what).register(registry);
  }

  private static void outcome(
      MeterRegistry registry,
      String name,
      String what,
      String outcome,
      HubMetrics from,
      ToDoubleFunction<HubMetrics> count) {
    FunctionCounter.builder(name, from, count)
        .description(what)
        .tag("outcome", outcome)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String what, Supplier<Number> value) {
    Gauge.builder(name, value).description(what).register(registry);
  }
}
