/** Tests of the turns that bandwidth classes give; those over sockets are scenarios. */
@NullMarked
package io.weir.bandwidth;

import org.jspecify.annotations.NullMarked;
