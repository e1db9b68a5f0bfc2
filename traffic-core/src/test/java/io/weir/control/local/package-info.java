/** Tests of the control socket and the metrics listener, on real sockets. */
@NullMarked
package io.weir.control.local;

import org.jspecify.annotations.NullMarked;
