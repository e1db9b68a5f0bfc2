/**
 * The one admin server: HTTP/1.1 and 1.0 over TLS, with bounds on everything that a client can make
 * grow. Start at {@link io.weir.admin.server.AdminServer}. What is answered is the business of the
 * handlers.
 */
@NullMarked
package io.weir.admin.server;

import org.jspecify.annotations.NullMarked;
