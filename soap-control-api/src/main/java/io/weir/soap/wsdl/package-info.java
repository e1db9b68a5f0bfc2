/**
 * Descriptions of the services, made from the table: the RPC/encoded ones that existing clients
 * were generated from, and document/literal ones for modern clients. Start reading at {@link
 * io.weir.soap.wsdl.Wsdl}. Nothing here knows what operations do.
 */
@NullMarked
package io.weir.soap.wsdl;

import org.jspecify.annotations.NullMarked;
