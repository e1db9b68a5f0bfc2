/**
 * TCP and UDP services from outside: real sockets on both sides of a running Weir. Start at {@link
 * io.weir.stream.StreamTest}.
 */
@NullMarked
package io.weir.stream;

import org.jspecify.annotations.NullMarked;
