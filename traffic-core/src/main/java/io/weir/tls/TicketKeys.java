package io.weir.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.weir.config.TlsConfig;
import io.weir.time.Ticker;

import java.time.Duration;

/**
 * The keys that encrypt the session tickets of one virtual server: the newest encrypts, those that
 * have not expired decrypt. Confined to one thread at a time.
 */
interface TicketKeys {

    /** Parts of the time of a session; the last ticket under a key may lack one of them. */
    int ROTATIONS = 4;

    /**
     * Brings the keys up to date; to be called about once a minute.
     *
     * @param rotation how long a key encrypts
     * @param expiry how long it decrypts, from its first use
     * @return whether they have changed, because one was due to be replaced or has expired
     */
    boolean turn(Ticker clock, Duration rotation, Duration expiry);

    /** The same as {@code config} has it: no ticket is good for longer than a session. */
    default boolean turn(Ticker clock, TlsConfig config) {
        Duration session = config.sessionTimeout();
        return turn(
                clock,
                shorter(config.ticketKeyRotation(), session.dividedBy(ROTATIONS)),
                shorter(config.ticketKeyExpiry(), session));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The keys, the encrypting one first. */
    OpenSslSessionTicketKey[] all();
}
