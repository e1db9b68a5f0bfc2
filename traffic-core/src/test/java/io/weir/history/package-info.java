/** Tests of the history of figures, with a clock that stands still until it is moved. */
@NullMarked
package io.weir.history;

import org.jspecify.annotations.NullMarked;
