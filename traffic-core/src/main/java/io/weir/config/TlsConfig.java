package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a virtual server ends TLS. Keys and defaults follow ZXTM's where no safer default is needed;
 * {@link Duration#ZERO} and 0 mean "no limit" or "off".
 *
 * @param certificate PEM of the default certificate, then those of its issuers
 * @param key PEM of its private key; may be the same file
 * @param keyPassphrase opens an encrypted key; null when it is not encrypted
 * @param ocspFile the authority's answer about the default certificate; null to ask for it
 * @param certificates further certificates, chosen by the name that the client asks for and by the
 *     kinds of keys that it understands
 * @param strictSni whether clients that ask for no name, or for an unknown one, are refused
 * @param ciphers suites by their standard names, best first; empty for those of the profile
 * @param curves key exchange groups, best first; empty for the standard ones
 * @param sessionCache sessions kept for resumption by id
 * @param sessionTimeout how long a session can be resumed
 * @param tickets whether sessions are also handed to the clients, encrypted
 * @param ticketKeys where the keys that encrypt tickets come from
 * @param ticketKeyRotation how often the key that encrypts tickets is replaced
 * @param ticketKeyExpiry how long a replaced key still decrypts
 * @param handshakeTimeout until the handshake is over
 * @param maxHandshakeSize bytes that a client may send before the handshake is over
 * @param clientCertificate whether clients are asked for a certificate
 * @param clientCaFile authorities that may have issued it; null when none is asked for
 * @param clientCrlFile revoked certificates; null for none
 * @param clientCertificateHeaders what nodes are told about it
 * @param headers whether nodes are told about the TLS connection
 * @param ocspStapling whether the authority's word on the certificate is sent along
 * @param hsts max-age of Strict-Transport-Security; zero for no such field
 */
public record TlsConfig(
        Path certificate,
        Path key,
        @Nullable Secret keyPassphrase,
        @Nullable Path ocspFile,
        List<CertificateFiles> certificates,
        boolean strictSni,
        Profile profile,
        List<String> ciphers,
        List<String> curves,
        int sessionCache,
        Duration sessionTimeout,
        boolean tickets,
        TicketKeys ticketKeys,
        Duration ticketKeyRotation,
        Duration ticketKeyExpiry,
        Duration handshakeTimeout,
        int maxHandshakeSize,
        ClientCertificate clientCertificate,
        @Nullable Path clientCaFile,
        @Nullable Path clientCrlFile,
        ClientCertificateHeaders clientCertificateHeaders,
        boolean headers,
        boolean ocspStapling,
        Duration hsts) {

    public TlsConfig {
        certificates = List.copyOf(certificates);
        ciphers = List.copyOf(ciphers);
        curves = List.copyOf(curves);
    }

    /** Every certificate, the default one first. */
    public List<CertificateFiles> all() {
        List<CertificateFiles> all = new ArrayList<>();
        all.add(new CertificateFiles(certificate, key, keyPassphrase, List.of(), ocspFile));
        all.addAll(certificates);
        return all;
    }

    /** The keys that ask for what only BoringSSL has: with the JDK's engine they do nothing. */
    public List<String> onlyWithBoringSsl() {
        List<String> keys = new ArrayList<>();
        if (!tickets) {
            keys.add("tickets");
        } else if (ticketKeys == TicketKeys.CLUSTER) {
            keys.add("ticket-keys");
        }
        if (ocspStapling) {
            keys.add("ocsp-stapling");
        }
        return keys;
    }

    /** Protocol versions and cipher suites under one name. */
    public enum Profile {
        /** TLS 1.3 only. */
        MODERN,
        /** TLS 1.2 and 1.3, with forward secrecy and authenticated encryption only. */
        INTERMEDIATE
    }

    /** Where the keys that encrypt tickets come from. */
    public enum TicketKeys {
        /** This process makes them and tells nobody. */
        OWN,
        /** Every member of a cluster makes the same ones out of the cluster key. */
        CLUSTER
    }

    /** Whether clients are asked for a certificate. */
    public enum ClientCertificate {
        NONE,
        /** It may be missing; one that is there must be good. */
        REQUEST,
        REQUIRE
    }

    /** What nodes are told about a client's certificate. */
    public enum ClientCertificateHeaders {
        NONE,
        /** Who it is for, who issued it, serial number, dates, fingerprint. */
        SIMPLE,
        /** The same, and the certificate itself. */
        ALL
    }
}
