package dev.broadcast.node.ops;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The command line: every setting's flag, unit, default and meaning, and nothing else. The help
 * text and the table of the documentation are made from it.
 */
@Command(
    name = "broadcast",
    description = "Pushes live updates to browsers over Server-Sent Events.",
    sortOptions = false,
    usageHelpWidth = 100,
    footer = {
      "",
      "Each flag is also an environment variable: --redis-url is BROADCAST_REDIS_URL; a flag wins.",
      "Durations have a unit (250ms, 5s, 2m, 1h), sizes too (64KiB, 1MiB)."
    })
@SuppressWarnings("NullAway.Init") // picocli fills every field that has a default
final class SettingsCommand {
  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on; beyond loopback a publish key is required.")
  String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port to listen on; 0 picks a free one.")
  int port;

  @Mixin RedisFlags redis = new RedisFlags();

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "broadcast",
      description = "What the names of all keys and channels in Redis begin with.")
  String prefix;

  @Option(
      names = "--node-id",
      paramLabel = "ID",
      description = "This node's name in the cluster; absent: a made one.")
  @Nullable String nodeId;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description = "Shards that the topics are spread over; the same on all nodes, for good.")
  int shards;

  @Option(
      names = "--subscribe-key",
      paramLabel = "KEY",
      description = "Key that may subscribe, or @FILE; absent: everybody may.")
  @Nullable String subscribeKey;

  @Option(
      names = "--publish-key",
      paramLabel = "KEY",
      description = "Key that may publish, or @FILE; absent: everybody on loopback may.")
  @Nullable String publishKey;

  @Option(
      names = "--admin-key",
      paramLabel = "KEY",
      description =
          "Key that may do all, or @FILE; absent: administration is closed where any key is set.")
  @Nullable String adminKey;

  @Option(
      names = "--history-size",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Messages that a topic's history keeps at least, within its age.")
  int historySize;

  @Option(
      names = "--history-age",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "How long a topic's history keeps a message.")
  Duration historyAge;

  @Option(
      names = "--log-size",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Messages back to which a shard knows which topic each went to.")
  int logSize;

  @Option(
      names = "--ring-size",
      paramLabel = "SIZE",
      defaultValue = "64MiB",
      description = "Memory for the node's own copy of the histories its clients use.")
  Size ringSize;

  @Option(
      names = "--queue-size",
      paramLabel = "N",
      defaultValue = "256",
      description = "Messages that wait for one slow connection before it falls behind.")
  int queueSize;

  @Option(
      names = "--queue-bytes",
      paramLabel = "SIZE",
      defaultValue = "1MiB",
      description = "The same in bytes; whichever comes first.")
  Size queueBytes;

  @Option(
      names = "--write-timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "How long a connection may take nothing before it is closed.")
  Duration writeTimeout;

  @Option(
      names = "--heartbeat",
      paramLabel = "DURATION|off",
      defaultValue = "15s",
      converter = Converters.DurationOrOff.class,
      description = "After how much silence a connection gets a comment.")
  Duration heartbeat;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "How long a stop may take.")
  Duration drain;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      converter = Converters.OfLogFormat.class,
      description = "How log lines look: key=value, or one JSON object a line.")
  LogFormat logFormat;

  @Option(
      names = "--debug",
      defaultValue = "false",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether every stream and every publish is logged, without what is in it.")
  boolean debug;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Connections of this node.")
  int maxConnections;

  @Option(
      names = "--max-connections-per-address",
      paramLabel = "N|off",
      defaultValue = "off",
      converter = Converters.NumberOrOff.class,
      description = "Connections of one client address; balancers share one.")
  int maxConnectionsPerAddress;

  @Option(
      names = "--max-publishes-per-second",
      paramLabel = "N|off",
      defaultValue = "off",
      converter = Converters.NumberOrOff.class,
      description = "Messages a second on this node of one key, without a key of one address.")
  int maxPublishesPerSecond;

  @Option(
      names = "--max-topics",
      paramLabel = "N",
      defaultValue = "100",
      description = "Topics of one connection.")
  int maxTopics;

  @Option(
      names = "--max-body",
      paramLabel = "SIZE",
      defaultValue = "1MiB",
      description = "Largest request body.")
  Size maxBody;

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Messages in one batch.")
  int maxBatch;

  @Option(
      names = "--idle-timeout",
      paramLabel = "DURATION|off",
      defaultValue = "75s",
      converter = Converters.DurationOrOff.class,
      description = "How long a client's socket is kept between requests; streams are not.")
  Duration idleTimeout;

  @Option(
      names = "--head-timeout",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "How long a request's head may take to arrive.")
  Duration headTimeout;

  @Option(
      names = "--body-timeout",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "How long a request's body may take to arrive.")
  Duration bodyTimeout;

  @Option(
      names = "--strict",
      defaultValue = "false",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether types that are not registered are refused.")
  boolean strict;

  @Option(
      names = "--event-types",
      paramLabel = "TYPE,...",
      description = "Types that are known from the start, besides the standard ones.")
  @Nullable String eventTypes;

  @Mixin AccessFlags access = new AccessFlags();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version and ends.")
  boolean version;

  Settings settings() {
    return new Settings(
        host,
        port,
        redis.settings(),
        prefix,
        nodeId,
        shards,
        Converters.key("--subscribe-key", subscribeKey),
        Converters.key("--publish-key", publishKey),
        Converters.key("--admin-key", adminKey),
        historySize,
        historyAge,
        logSize,
        ringSize.bytes(),
        queueSize,
        queueBytes.bytes(),
        writeTimeout,
        heartbeat,
        drain,
        logFormat,
        debug,
        maxConnections,
        maxConnectionsPerAddress,
        maxPublishesPerSecond,
        maxTopics,
        (int) Math.min(maxBody.bytes(), Integer.MAX_VALUE),
        maxBatch,
        idleTimeout,
        headTimeout,
        bodyTimeout,
        strict,
        eventTypes == null
            ? Set.of()
            : Arrays.stream(eventTypes.split(",", -1))
                .filter(type -> !type.isEmpty())
                .collect(Collectors.toSet()),
        access.settings());
  }
}
