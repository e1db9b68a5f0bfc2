/**
 * The home of the SOAP control API: the wire format of ZXTM's clients, translated to calls of
 * {@code io.weir.control}. There are no types here yet; start reading at {@code io.weir.control},
 * the façade that will stand behind every operation. Nothing here may decide what a change does,
 * reach traffic except through that façade, or depend on the other modules.
 */
@NullMarked
package io.weir.soap;

import org.jspecify.annotations.NullMarked;
