/**
 * Where tests get their Redis from: {@link dev.broadcast.testing.TestRedis} for those that need
 * some Redis, {@link dev.broadcast.testing.RedisServer} for those that kill, pause and empty one.
 */
@NullMarked
package dev.broadcast.testing;

import org.jspecify.annotations.NullMarked;
