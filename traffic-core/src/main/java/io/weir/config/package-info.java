/**
 * What the operator wrote: immutable records, one per object of the configuration, with every
 * default filled in. Start at {@link io.weir.config.WeirConfig}. No live state, no sockets and no
 * file access belong here; reading files is the business of {@code io.weir.config.load}.
 */
@NullMarked
package io.weir.config;

import org.jspecify.annotations.NullMarked;
