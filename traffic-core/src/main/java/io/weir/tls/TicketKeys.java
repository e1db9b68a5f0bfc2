package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.weir.time.Ticker;

import java.time.Duration;

/**
 * The keys that encrypt the session tickets of one virtual server: the newest encrypts, those that
 * have not expired decrypt. Confined to one thread at a time.
 */
interface TicketKeys {

    /**
     * Brings the keys up to date; to be called about once a minute.
     *
     * @param rotation how long a key encrypts
     * @param expiry how long it decrypts, from its first use
     * @return whether they have changed, because one was due to be replaced or has expired
     */
    boolean turn(Ticker clock, Duration rotation, Duration expiry);

    /** The keys, the encrypting one first. */
    OpenSslSessionTicketKey[] all();
}
