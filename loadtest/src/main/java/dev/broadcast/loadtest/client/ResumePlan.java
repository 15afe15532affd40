package dev.broadcast.loadtest.client;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A resume storm: everybody listens; many go, miss some messages and come back at once, each with
 * its cursor, while messages go on and the others listen all the time.
 *
 * @param target where to subscribe and publish
 * @param path request target of streams and publishes
 * @param format how a publish says its text
 * @param live clients that listen all the time
 * @param resuming clients that come back
 * @param behind how many messages behind their cursor is when they come
 * @param rate messages a second, all the time
 * @param calm how long everybody listens before
 * @param limit how long the storm may last
 * @param messageBytes length of a message's text
 */
public record ResumePlan(
    InetSocketAddress target,
    String path,
    PublishFormat format,
    int live,
    int resuming,
    int behind,
    double rate,
    Duration calm,
    Duration limit,
    int messageBytes) {}
