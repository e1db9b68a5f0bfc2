/**
 * How people and programs on the same machine reach the control façade: the control socket of the
 * command line, and the metrics listener for health, status and metrics. Start at {@link
 * io.weir.control.local.ControlSocket}. No decision about a change is made here; REST, SOAP and the
 * web interface are extensions of their own.
 */
@NullMarked
package io.weir.control.local;

import org.jspecify.annotations.NullMarked;
