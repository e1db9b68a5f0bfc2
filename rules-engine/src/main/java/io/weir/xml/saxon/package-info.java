/**
 * The work behind {@link io.weir.xml.Xml}, with Saxon and the JDK. Loaded with Saxon by a {@link
 * io.weir.brake.BrakedLoader}, so no class of other packages may name one of these, nor one of
 * Saxon's.
 */
@NullMarked
package io.weir.xml.saxon;

import org.jspecify.annotations.NullMarked;
