/** Tests of what operations tell. */
@NullMarked
package io.weir.soap.operations;

import org.jspecify.annotations.NullMarked;
