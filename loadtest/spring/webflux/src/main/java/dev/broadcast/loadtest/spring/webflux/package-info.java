/** Spring WebFlux on Reactor Netty with a multicast sink: the reactive way. */
@NullMarked
package dev.broadcast.loadtest.spring.webflux;

import org.jspecify.annotations.NullMarked;
