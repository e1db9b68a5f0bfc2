/** Tests of what operations need before they are done. */
@NullMarked
package io.weir.soap.call;

import org.jspecify.annotations.NullMarked;
