/** Tests of the control socket and the admin listener, on real sockets. */
@NullMarked
package io.weir.control.local;

import org.jspecify.annotations.NullMarked;
