/**
 * The ways to those who want to know: files, syslog, mail, SNMP, programs, SOAP, webhooks. Start at
 * {@link io.weir.alert.receiver.Receiver}. Queues, repetition and the choice of events are the work
 * of {@code io.weir.alert}.
 */
@NullMarked
package io.weir.alert.receiver;

import org.jspecify.annotations.NullMarked;
