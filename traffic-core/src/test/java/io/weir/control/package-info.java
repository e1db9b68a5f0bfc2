/** Tests of the control façade, with a recorded data plane and real files. */
@NullMarked
package io.weir.control;

import org.jspecify.annotations.NullMarked;
