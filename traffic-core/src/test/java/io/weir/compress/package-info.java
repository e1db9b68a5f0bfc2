/** Tests of encoders and decoders without an exchange. */
@NullMarked
package io.weir.compress;

import org.jspecify.annotations.NullMarked;
