/**
 * The home of rules written in JavaScript: scripts compiled once and run behind the rule plug point
 * of traffic-core. There are no types here yet; start reading at {@code io.weir.rule}, the plug
 * point they will implement. Nothing here may be named by traffic-core, open a socket, or run
 * script code on an event loop without limits.
 */
@NullMarked
package io.weir.js;

import org.jspecify.annotations.NullMarked;
