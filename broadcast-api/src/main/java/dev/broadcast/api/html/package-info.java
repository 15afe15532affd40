/** HTML over Server-Sent Events. */
@NullMarked
package dev.broadcast.api.html;

import org.jspecify.annotations.NullMarked;
