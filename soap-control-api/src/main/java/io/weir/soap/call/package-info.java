/**
 * A call from its element to its answer: found in the table, checked, run, and made one change of
 * the configuration or none. Start reading at {@link io.weir.soap.call.Dispatcher}; {@link
 * io.weir.soap.call.Draft} is how operations change things. What single operations do is in {@code
 * io.weir.soap.operations}; XML is in {@code io.weir.soap.wire}.
 */
@NullMarked
package io.weir.soap.call;

import org.jspecify.annotations.NullMarked;
