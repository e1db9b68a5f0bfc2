/**
 * The access log, from the fields of a finished exchange to lines in files, and the system log of
 * the process. Start at {@link io.weir.log.AccessLogs} for the first and {@link
 * io.weir.log.SystemLog} for the second. Nothing here may hold up an event loop or look into the
 * exchange by other ways than {@link io.weir.log.LogRecord}; what is done about events belongs to
 * {@code io.weir.alert}.
 */
@NullMarked
package io.weir.log;

import org.jspecify.annotations.NullMarked;
