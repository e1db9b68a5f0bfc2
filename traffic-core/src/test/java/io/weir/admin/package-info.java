/** Tests of what administration is built of. */
@NullMarked
package io.weir.admin;

import org.jspecify.annotations.NullMarked;
