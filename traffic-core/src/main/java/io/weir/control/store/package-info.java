/**
 * What the control side keeps on disk, in small files that are either whole or refused: the
 * operational overlay, the last good configuration, and the locks on their directories. Start at
 * {@link io.weir.control.store.CheckedFile}. Nothing here knows what the kept things mean or when
 * they change; that is the business of {@code io.weir.control}.
 */
@NullMarked
package io.weir.control.store;

import org.jspecify.annotations.NullMarked;
