/** The Java client, on the JDK's own HTTP client. */
@NullMarked
package dev.broadcast.api.client;

import org.jspecify.annotations.NullMarked;
