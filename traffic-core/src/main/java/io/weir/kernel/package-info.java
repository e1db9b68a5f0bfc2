/** What the kernel is told about this process. Start at {@link io.weir.kernel.ThreadTurns}. */
@NullMarked
package io.weir.kernel;

import org.jspecify.annotations.NullMarked;
