/**
 * Running a node: {@link dev.broadcast.node.ops.Settings} is every setting, checked, with the flag
 * and the environment variable it comes from; how log lines look.
 */
@NullMarked
package dev.broadcast.node.ops;

import org.jspecify.annotations.NullMarked;
