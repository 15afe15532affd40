/** Spring MVC on Tomcat with a list of {@code SseEmitter}s: what most Java teams start with. */
@NullMarked
package dev.broadcast.loadtest.spring.mvc;

import org.jspecify.annotations.NullMarked;
