/**
 * What the operations of the SOAP control API do. Start reading at {@link
 * io.weir.soap.operations.AllOperations}, which names everything else; {@link
 * io.weir.soap.operations.Settings} is behind most operations, by the table. Nothing here knows
 * XML.
 */
@NullMarked
package io.weir.soap.operations;

import org.jspecify.annotations.NullMarked;
