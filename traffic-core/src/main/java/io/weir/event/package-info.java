/**
 * What happened: events, their tags and the bus that carries them. Start at {@link
 * io.weir.event.EventBus}. What is done about an event (log, mail, callback) belongs to {@code
 * io.weir.alert}.
 */
@NullMarked
package io.weir.event;

import org.jspecify.annotations.NullMarked;
