/** Tests of what is kept and shown of the traffic; those with sockets are in {@code runtime}. */
@NullMarked
package io.weir.explain;

import org.jspecify.annotations.NullMarked;
