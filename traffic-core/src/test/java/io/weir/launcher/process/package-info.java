/** Tests of the life of a serving process. */
@NullMarked
package io.weir.launcher.process;

import org.jspecify.annotations.NullMarked;
