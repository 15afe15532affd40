/** Load scenarios, the fan-out benchmark and the fault suite. */
@NullMarked
package dev.broadcast.loadtest;

import org.jspecify.annotations.NullMarked;
