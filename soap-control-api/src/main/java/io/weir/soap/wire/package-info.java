/**
 * The wire format: what clients send made into Java values, and values made into what they expect.
 * Start reading at {@link io.weir.soap.wire.Decoder} and {@link io.weir.soap.wire.Encoder}; {@link
 * io.weir.soap.wire.XmlIntake} is what everything from outside goes through first. Nothing here
 * knows what an operation does.
 */
@NullMarked
package io.weir.soap.wire;

import org.jspecify.annotations.NullMarked;
