/**
 * The product from outside: packaged nodes as processes, a real Redis, and clients, publishers and
 * a judge that share no code with the node, so that no misunderstanding can hide in both. {@link
 * dev.broadcast.e2e.SseClient} listens, {@link dev.broadcast.e2e.Publisher} publishes, {@link
 * dev.broadcast.e2e.Ledger} remembers what was acknowledged, {@link dev.broadcast.e2e.Judge} counts
 * what was lost, doubled or swapped.
 */
@NullMarked
package dev.broadcast.e2e;

import org.jspecify.annotations.NullMarked;
