/** Tests of the tree of the model product. */
@NullMarked
package io.weir.tm;

import org.jspecify.annotations.NullMarked;
