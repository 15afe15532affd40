/**
 * Who may do what, said by a program's own code: an {@link dev.broadcast.api.access.Authenticator}
 * answers a request's {@link dev.broadcast.api.access.Credentials} with a {@link
 * dev.broadcast.api.access.Grant}.
 */
@NullMarked
package dev.broadcast.api.access;

import org.jspecify.annotations.NullMarked;
