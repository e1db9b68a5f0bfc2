/** Session persistence by itself, and through a running Weir. */
@NullMarked
package io.weir.persist;

import org.jspecify.annotations.NullMarked;
