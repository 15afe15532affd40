/**
 * Load scenarios, the fan-out benchmark and the fault suite.
 *
 * <p>{@link dev.broadcast.loadtest.Bench} runs {@linkplain dev.broadcast.loadtest.Work works}
 * against {@linkplain dev.broadcast.loadtest.server.ServerUnderTest servers} with one {@linkplain
 * dev.broadcast.loadtest.client.LoadClient client}, and {@code report} makes a table, JSON and a
 * page of what came out.
 */
@NullMarked
package dev.broadcast.loadtest;

import org.jspecify.annotations.NullMarked;
