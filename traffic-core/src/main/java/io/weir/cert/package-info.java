/**
 * Certificates as objects: identities (a key and its chain), authorities, revocation lists, and how
 * they are made, checked and watched. Start at {@link io.weir.cert.Identity}. Nothing here knows of
 * connections; what a handshake does with an identity belongs to {@code io.weir.tls}.
 *
 * <p>Plain reading uses only the JDK. Bouncy Castle does what the JDK cannot: old and encrypted
 * forms of keys, requests, and new certificates. Its provider is passed where it is needed and
 * never registered, so that a Weir without such keys does not even load it.
 */
@NullMarked
package io.weir.cert;

import org.jspecify.annotations.NullMarked;
