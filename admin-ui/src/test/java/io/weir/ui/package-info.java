@NullMarked
package io.weir.ui;

import org.jspecify.annotations.NullMarked;
