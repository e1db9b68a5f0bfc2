/**
 * Ends work of a thread from outside that would not end by itself, or takes too much: start at
 * {@link io.weir.brake.Brake}, and {@link io.weir.brake.BrakedLoader} for libraries that know
 * nothing of it. Nothing here may decide what is too much.
 */
@NullMarked
package io.weir.brake;

import org.jspecify.annotations.NullMarked;
