/**
 * The table of the SOAP control API: which interfaces, operations and types there are, and what
 * stands behind each of them in Weir. Start reading at {@link io.weir.soap.table.Tables}; the table
 * itself is in the resources, one file for each interface and version, and {@link
 * io.weir.soap.table.TableReader} says how it is written. Nothing here knows XML or a running Weir.
 */
@NullMarked
package io.weir.soap.table;

import org.jspecify.annotations.NullMarked;
