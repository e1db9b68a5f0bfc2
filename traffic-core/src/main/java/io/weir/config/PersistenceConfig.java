package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;

/**
 * A session persistence class: how requests of one session are known, and what happens when the
 * node of a session cannot be used. Keys and defaults follow ZXTM's persistence catalogue.
 *
 * @param cookie name of the application's cookie, for the type {@code cookie}; else null
 * @param url where clients are sent in the failure mode {@code url}; else null
 * @param delete whether a session ends when its node cannot be used; a new node implies it
 * @param subnetPrefixV4 bits of an IPv4 address that make a session; 0 for all of them
 * @param subnetPrefixV6 the same for IPv6
 * @param alwaysSetCookie whether Weir's cookie is set again with every answer
 * @param directives attributes added to Weir's cookie, such as {@code Domain=.example.com}
 * @param maxEntries sessions remembered at most, where Weir remembers them
 * @param sessionTimeout how long after its latest request a session is over; zero for never
 * @param note for people
 */
public record PersistenceConfig(
        String name,
        Type type,
        @Nullable String cookie,
        FailureMode failureMode,
        @Nullable String url,
        boolean delete,
        int subnetPrefixV4,
        int subnetPrefixV6,
        boolean alwaysSetCookie,
        @Nullable String directives,
        int maxEntries,
        Duration sessionTimeout,
        @Nullable String note) {

    /** What a session is known by. */
    public enum Type {
        /** The client's address, or the subnet it is in. */
        IP,
        /** A key that a rule gives. */
        UNIVERSAL,
        /** A node that a rule names. */
        NAMED,
        /** A cookie that Weir sets and reads. */
        TRANSPARENT,
        /** A cookie of the application, with one of Weir beside it. */
        COOKIE,
        /** A Java servlet session, in a cookie or in the URL. */
        J2EE,
        /** An ASP or ASP.NET session, in a cookie or in the URL. */
        ASP,
        /** A cookie in which the node says its own name. */
        X_ZEUS_BACKEND,
        /** The TLS session. */
        SSL_SESSION_ID;

        /** The word for it in configurations. */
        public String keyword() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether Weir itself remembers which node a session belongs to. */
        public boolean remembered() {
            return switch (this) {
                case IP, UNIVERSAL, J2EE, ASP, SSL_SESSION_ID -> true;
                case NAMED, TRANSPARENT, COOKIE, X_ZEUS_BACKEND -> false;
            };
        }

        /** Whether Weir sets a cookie of its own. */
        public boolean setsCookie() {
            return this == TRANSPARENT || this == COOKIE;
        }
    }

    /** What happens when the node of a session cannot be used. */
    public enum FailureMode {
        /** The session goes on at another node. */
        NEW_NODE,
        /** The client is redirected. */
        URL,
        /** The client gets an error page and its connection is closed. */
        CLOSE
    }
}
