/** Tests of service level classes, alone and in a running Weir. */
@NullMarked
package io.weir.slm;

import org.jspecify.annotations.NullMarked;
