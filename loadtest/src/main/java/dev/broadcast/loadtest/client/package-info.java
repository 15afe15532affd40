/**
 * The load client: opens streams, publishes, and counts what arrived, on one thread with one
 * selector.
 *
 * <p>Read in this order: {@link dev.broadcast.loadtest.client.LoadPlan} (what is asked), {@link
 * dev.broadcast.loadtest.client.LoadClient} (how it runs), {@link
 * dev.broadcast.loadtest.client.DeliveryCheck} (what counts as lost, duplicated, reordered), {@link
 * dev.broadcast.loadtest.client.LoadResult} (what comes out). Bytes pass {@code AnswerReader} (HTTP
 * framing) and {@code SseReader} (events) before anything is counted.
 */
@NullMarked
package dev.broadcast.loadtest.client;

import org.jspecify.annotations.NullMarked;
