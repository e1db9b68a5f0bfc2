/** Admission: the decision alone, against simulated nodes. */
@NullMarked
package io.weir.admit;

import org.jspecify.annotations.NullMarked;
