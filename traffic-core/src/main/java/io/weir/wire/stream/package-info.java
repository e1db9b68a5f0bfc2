/**
 * The connections of TCP services: both sides of a byte stream that is carried as it is. Start at
 * {@link io.weir.wire.stream.StreamClientSide}.
 */
@NullMarked
package io.weir.wire.stream;

import org.jspecify.annotations.NullMarked;
