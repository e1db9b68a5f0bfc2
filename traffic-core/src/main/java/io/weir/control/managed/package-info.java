/**
 * The managed store: a desired configuration that Weir itself keeps, as a directory of files that
 * could as well be an operator's, with revisions. Start at {@link
 * io.weir.control.managed.ManagedSource}. What a change is and when it is made is the business of
 * {@code io.weir.control}; how single files survive a crash that of {@code io.weir.control.store}.
 */
@NullMarked
package io.weir.control.managed;

import org.jspecify.annotations.NullMarked;
