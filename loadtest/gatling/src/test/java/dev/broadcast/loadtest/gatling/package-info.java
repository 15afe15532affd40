/**
 * Load scenarios for a cluster behind its balancer: {@link
 * dev.broadcast.loadtest.gatling.BroadcastSimulation} runs those that are asked for, one after the
 * other, and says by its assertions whether they were good enough.
 */
@NullMarked
package dev.broadcast.loadtest.gatling;

import org.jspecify.annotations.NullMarked;
