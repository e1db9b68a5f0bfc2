package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * What a virtual server speaks with its clients. Protocols that Weir only carries are presets: a
 * kind, which says who speaks first, and the monitor that nodes get when nothing else is said.
 */
public enum Protocol {
    HTTP(Kind.HTTP, null),
    SERVER_FIRST(Kind.SERVER_FIRST, null),
    CLIENT_FIRST(Kind.CLIENT_FIRST, null),
    STREAM(Kind.STREAM, null),
    POP3(Kind.SERVER_FIRST, "POP"),
    IMAP(Kind.SERVER_FIRST, "IMAP"),
    SMTP(Kind.SERVER_FIRST, "SMTP"),
    MYSQL(Kind.SERVER_FIRST, "Server First"),
    TELNET(Kind.SERVER_FIRST, "Connect"),
    LDAP(Kind.CLIENT_FIRST, "LDAP"),
    RDP(Kind.CLIENT_FIRST, "RDP"),
    POSTGRES(Kind.CLIENT_FIRST, "PostgreSQL"),
    TLS_PASSTHROUGH(Kind.TLS_PASSTHROUGH, "Connect"),
    UDP(Kind.DATAGRAM, null),
    DNS(Kind.DATAGRAM, "DNS");

    /** How the traffic of a protocol is handled. */
    public enum Kind {
        /** Requests and responses. */
        HTTP,
        /** A byte stream; the node is connected to at once, because it speaks first. */
        SERVER_FIRST,
        /** A byte stream; the node is chosen when the client has sent its first bytes. */
        CLIENT_FIRST,
        /** A byte stream in which either side may speak at any time. */
        STREAM,
        /** A byte stream whose opening TLS message decides about the pool. */
        TLS_PASSTHROUGH,
        /** Datagrams. */
        DATAGRAM
    }

    private final Kind kind;
    private final @Nullable String monitor;

    Protocol(Kind kind, @Nullable String monitor) {
        this.kind = kind;
        this.monitor = monitor;
    }

    public Kind kind() {
        return kind;
    }

    /** The monitor of pools that are written as a list of nodes; null for none. */
    public @Nullable String monitor() {
        return monitor;
    }

    /** The word in a configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the kernel may keep a new connection to itself until the client has spoken. */
    public boolean clientSpeaksFirst() {
        return kind == Kind.HTTP || kind == Kind.CLIENT_FIRST || kind == Kind.TLS_PASSTHROUGH;
    }
}
