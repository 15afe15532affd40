/** The node's one composition root and the program that starts it. */
@NullMarked
package dev.broadcast.node;

import org.jspecify.annotations.NullMarked;
