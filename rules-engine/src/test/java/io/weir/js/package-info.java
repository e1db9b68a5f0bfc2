/** Tests of rules, over real sockets. */
@NullMarked
package io.weir.js;

import org.jspecify.annotations.NullMarked;
