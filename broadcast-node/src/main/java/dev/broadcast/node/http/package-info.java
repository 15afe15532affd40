/**
 * The wire: routes, parsing, answers and problems. {@link dev.broadcast.node.http.BroadcastRoutes}
 * mounts them; {@code Exchange} is one request with its answer; every route is a {@code Resource}.
 * Whatever is wrong with a request is thrown as a {@code Refusal} and leaves as {@code
 * application/problem+json} in one place.
 *
 * <p>Everything here runs on the event loop of the request and does not block.
 */
@NullMarked
package dev.broadcast.node.http;

import org.jspecify.annotations.NullMarked;
