/** Tests of the parts of the cache that need no sockets. */
@NullMarked
package io.weir.cache;

import org.jspecify.annotations.NullMarked;
