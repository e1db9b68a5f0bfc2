/**
 * XML for rules: queries, transformations and validation that reach nothing outside of what they
 * are given, and can be ended. Start at {@link io.weir.xml.Xml}. Nothing here may read a file,
 * resolve an entity or open a connection.
 */
@NullMarked
package io.weir.xml;

import org.jspecify.annotations.NullMarked;
