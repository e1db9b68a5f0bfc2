@NullMarked
package io.weir.tls;

import org.jspecify.annotations.NullMarked;
