/**
 * The one way to change a running Weir: configuration files, command line, REST, SOAP and UI all
 * stand on it. Start at {@link io.weir.control.Control}. Nothing here sees a socket of the traffic
 * or runs on an event loop, and nothing outside may change the data plane without it.
 */
@NullMarked
package io.weir.control;

import org.jspecify.annotations.NullMarked;
