/** One contract held against both backplanes, and what Redis can do to the one that needs it. */
@NullMarked
package dev.broadcast.node.backplane;

import org.jspecify.annotations.NullMarked;
