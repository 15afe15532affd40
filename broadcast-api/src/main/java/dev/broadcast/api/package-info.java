/**
 * What programs compile against: messages, their encoding as Server-Sent Events, and the interfaces
 * to publish and to listen. Needs nothing but the JDK.
 */
@NullMarked
package dev.broadcast.api;

import org.jspecify.annotations.NullMarked;
