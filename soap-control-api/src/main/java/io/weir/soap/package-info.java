/**
 * The SOAP control API, wire-compatible with ZXTM's clients, over {@code io.weir.control}. Start
 * reading at {@link io.weir.soap.SoapExtension}; a call goes from {@link io.weir.soap.SoapHandler}
 * through {@code cxf} and {@code wire} to {@code call}, which finds in {@code table} what is asked
 * for and in {@code operations} what to do. Nothing here may reach traffic except through the
 * façade, or depend on the other modules.
 */
@NullMarked
package io.weir.soap;

import org.jspecify.annotations.NullMarked;
