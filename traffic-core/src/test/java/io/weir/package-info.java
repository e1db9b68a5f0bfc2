/**
 * Tests about traffic-core as a whole. Start reading at {@code ArchitectureTest}. A test of one
 * package does not belong here but in that package.
 */
@NullMarked
package io.weir;

import org.jspecify.annotations.NullMarked;
