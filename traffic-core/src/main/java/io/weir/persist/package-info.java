/**
 * Session persistence: which node the session of a request or connection belongs to. Start at
 * {@link io.weir.persist.Session}, which one exchange or connection uses, then {@link
 * io.weir.persist.PersistenceClass}. No sockets belong here, and no choice among the nodes that are
 * free to be chosen: that is {@code io.weir.pool}.
 */
@NullMarked
package io.weir.persist;

import org.jspecify.annotations.NullMarked;
