/** Tests of what the control side keeps on disk. */
@NullMarked
package io.weir.control.store;

import org.jspecify.annotations.NullMarked;
