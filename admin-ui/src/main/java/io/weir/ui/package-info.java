/** The web pages of the administration, served from the jar. */
@NullMarked
package io.weir.ui;

import org.jspecify.annotations.NullMarked;
