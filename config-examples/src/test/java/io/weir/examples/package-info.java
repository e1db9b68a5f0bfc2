/**
 * Tests that see every module: the examples run, an installed Weir is used like an operator does,
 * documents and sources are what they should be. Start reading at {@code ExamplesTest}, then {@code
 * InstallationTest}. A test of one module does not belong here but in that module.
 */
@NullMarked
package io.weir.examples;

import org.jspecify.annotations.NullMarked;
