package dev.broadcast.node;

import dev.broadcast.api.broadcaster.BroadcasterSettings;
import dev.broadcast.node.backplane.BackplaneSettings;
import dev.broadcast.node.http.HttpSettings;
import dev.broadcast.node.hub.HubSettings;
import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.transport.IncomingLimits;
import dev.broadcast.node.transport.OpenRequests;
import java.time.Duration;

/** What each part is to know of the node's settings. */
final class PartSettings {
  private PartSettings() {}

  static BackplaneSettings backplane(Settings s) {
    String nodeId = s.nodeId() == null ? NodeIds.make() : s.nodeId();
    return BackplaneSettings.defaults(s.prefix(), nodeId)
        .withShards(s.shards())
        .withHistory(s.historySize(), s.historyAge())
        .withLog(s.logSize(), 100_000);
  }

  static HubSettings hub(Settings s) {
    HubSettings defaults = HubSettings.defaults();
    return new HubSettings(
        s.historySize(),
        s.historyAge(),
        s.ringSize(),
        s.queueSize(),
        s.queueBytes(),
        s.writeTimeout(),
        s.heartbeat(),
        defaults.heldBytes(),
        s.maxConnections(),
        s.maxConnectionsPerAddress(),
        s.access().maxConnectionsPerKey());
  }

  static IncomingLimits incoming(Settings s, OpenRequests open) {
    return new IncomingLimits(s.headTimeout(), s.bodyTimeout(), s.maxBody(), s.idleTimeout(), open);
  }

  static HttpSettings http(Settings s) {
    return new HttpSettings(
        s.maxBody(),
        s.bodyTimeout(),
        s.maxBatch(),
        s.maxTopics(),
        2 * s.historySize(),
        s.maxPublishesPerSecond(),
        s.access().maxConnectsPerSecond(),
        s.access().ticketLifetime(),
        s.access().managementPort() > 0);
  }

  static BroadcasterSettings broadcaster(Settings s, Duration handlerLimit) {
    return new BroadcasterSettings(
        s.historySize(), s.queueSize(), s.writeTimeout(), s.heartbeat(), handlerLimit, s.debug());
  }
}
