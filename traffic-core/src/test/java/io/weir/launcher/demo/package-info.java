/** Tests of the demonstration's nodes. */
@NullMarked
package io.weir.launcher.demo;

import org.jspecify.annotations.NullMarked;
