/** Tests of rules, over real sockets. */
@NullMarked
package io.weir.function;

import org.jspecify.annotations.NullMarked;
