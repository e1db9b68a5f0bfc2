/** Tests of rate classes with a clock of their own; those over sockets are scenarios. */
@NullMarked
package io.weir.rate;

import org.jspecify.annotations.NullMarked;
