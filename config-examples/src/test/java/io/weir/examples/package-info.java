/**
 * Tests that see every module: the examples run, and the sources of the whole project are formatted
 * alike. Start reading at {@code FormatTest}. A test of one module does not belong here but in that
 * module.
 */
@NullMarked
package io.weir.examples;

import org.jspecify.annotations.NullMarked;
