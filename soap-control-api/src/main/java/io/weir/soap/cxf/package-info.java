/**
 * Apache CXF, fed by hand: an endpoint without a port of its own that takes messages as bytes from
 * whoever has them. Start reading at {@link io.weir.soap.cxf.CxfEndpoint}. Nothing outside this
 * package knows CXF, and nothing here knows what an operation does.
 */
@NullMarked
package io.weir.soap.cxf;

import org.jspecify.annotations.NullMarked;
