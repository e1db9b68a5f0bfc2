/** Tests of whole processes: started, used, killed and started again. */
@NullMarked
package io.weir.launcher;

import org.jspecify.annotations.NullMarked;
