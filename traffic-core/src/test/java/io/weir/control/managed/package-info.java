/** Tests of the managed store. */
@NullMarked
package io.weir.control.managed;

import org.jspecify.annotations.NullMarked;
