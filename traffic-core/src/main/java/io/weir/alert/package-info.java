/**
 * What is done about events: actions, from the event log to whatever tells people or programs.
 * Start at {@link io.weir.alert.Alerting}. Raising events, and anything that an event loop waits
 * for, must not be here.
 */
@NullMarked
package io.weir.alert;

import org.jspecify.annotations.NullMarked;
