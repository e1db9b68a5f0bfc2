/**
 * What people look at to understand the traffic: finished exchanges that were kept, and the open
 * connections. Start at {@link io.weir.explain.KeptExchanges}. Plain values only: nothing here
 * knows sockets, pools or rules, and nothing holds a body, a credential or the value of a query
 * parameter.
 */
@NullMarked
package io.weir.explain;

import org.jspecify.annotations.NullMarked;
