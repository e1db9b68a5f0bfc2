/** Tests of what protection classes remember and judge; those over sockets are scenarios. */
@NullMarked
package io.weir.protect;

import org.jspecify.annotations.NullMarked;
