package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An action: where events go and how (ZXTM's alerting actions).
 *
 * @param timeout longest time for one attempt
 * @param attempts how often an event is tried at most; waits between attempts grow
 * @param verbose whether every delivery is an event of its own, and not only trouble
 * @param note for people
 */
public record ActionConfig(
        String name,
        Duration timeout,
        int attempts,
        boolean verbose,
        @Nullable String note,
        Delivery delivery) {

    /** The way to a receiver. */
    public sealed interface Delivery {
        /** The word for it in configurations. */
        String type();
    }

    /**
     * A file with a line per event.
     *
     * @param file relative to the log directory
     */
    public record Log(String file) implements Delivery {
        @Override
        public String type() {
            return "log";
        }
    }

    /**
     * A syslog server (RFC 5424).
     *
     * @param maxMessage bytes; longer messages are cut
     * @param caFile authorities that the server's certificate may come from; null for the system's
     */
    public record Syslog(
            NodeAddress server,
            Transport transport,
            Facility facility,
            int maxMessage,
            @Nullable Path caFile)
            implements Delivery {

        /** How messages travel: datagrams (RFC 5426), counted octets (RFC 6587), TLS (RFC 5425). */
        public enum Transport {
            UDP,
            TCP,
            TLS
        }

        /** RFC 5424 section 6.2.1; the numbers follow from the order of the names there. */
        public enum Facility {
            USER(1),
            DAEMON(3),
            LOCAL0(16),
            LOCAL1(17),
            LOCAL2(18),
            LOCAL3(19),
            LOCAL4(20),
            LOCAL5(21),
            LOCAL6(22),
            LOCAL7(23);

            private final int number;

            Facility(int number) {
                this.number = number;
            }

            /** The numerical code. */
            public int number() {
                return number;
            }
        }

        @Override
        public String type() {
            return "syslog";
        }
    }

    /**
     * Mails. What happens within {@code minInterval} of a mail goes into the next one.
     *
     * @param from null for {@code weir@} and the name of the machine
     * @param user null when the server needs no authentication
     */
    public record Mail(
            NodeAddress server,
            List<String> to,
            @Nullable String from,
            Security security,
            @Nullable String user,
            @Nullable Secret password,
            Duration minInterval,
            @Nullable Path caFile)
            implements Delivery {

        public Mail {
            to = List.copyOf(to);
        }

        /** Whether and how the connection to the server is protected; never less than asked for. */
        public enum Security {
            NONE,
            STARTTLS,
            TLS
        }

        @Override
        public String type() {
            return "mail";
        }
    }

    /**
     * SNMP traps.
     *
     * @param community for version 2c
     * @param user the name in the user-based security model; null for version 2c
     * @param authPassword null for no authentication
     * @param privacyPassword null for no encryption
     */
    public record SnmpTrap(
            NodeAddress server,
            Version version,
            @Nullable Secret community,
            @Nullable String user,
            Auth auth,
            @Nullable Secret authPassword,
            Privacy privacy,
            @Nullable Secret privacyPassword)
            implements Delivery {

        /** Version of SNMP. */
        public enum Version {
            V2C,
            V3
        }

        /** Hash for authentication (RFC 3414, RFC 7860). */
        public enum Auth {
            MD5,
            SHA1,
            SHA256,
            SHA512
        }

        /** Cipher for privacy (RFC 3414, RFC 3826). */
        public enum Privacy {
            DES,
            AES128,
            AES256
        }

        @Override
        public String type() {
            return "snmp-trap";
        }
    }

    /** A program that is run for each event. */
    public record Program(String program, List<String> arguments) implements Delivery {
        public Program {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String type() {
            return "program";
        }
    }

    /**
     * A call of {@code AlertCallback.eventOccurred}.
     *
     * @param user null for no authentication
     * @param additional passed with every call; receivers use it as a shared key
     */
    public record Soap(
            String url,
            @Nullable String user,
            @Nullable Secret password,
            String additional,
            @Nullable Path caFile)
            implements Delivery {
        @Override
        public String type() {
            return "soap";
        }
    }

    /**
     * An HTTP request.
     *
     * @param url null when there is a {@code secretUrl}, or the format has one of its own
     * @param secretUrl the URL where it must not be shown, as those of Slack
     * @param template of the body, for the format {@code generic}; null for a document of Weir's
     * @param headers name and value, such as {@code X-Team: web}
     * @param token key of the service, or sent as {@code Authorization: Bearer}
     * @param signingKey key for the field {@code webhook-signature}; null for none
     */
    public record Webhook(
            @Nullable String url,
            @Nullable Secret secretUrl,
            Format format,
            @Nullable String template,
            String contentType,
            List<String> headers,
            @Nullable Secret token,
            @Nullable Secret signingKey,
            @Nullable Path caFile)
            implements Delivery {

        public Webhook {
            headers = List.copyOf(headers);
        }

        /** What the receiver understands. */
        public enum Format {
            GENERIC,
            SLACK,
            PAGERDUTY,
            OPSGENIE
        }

        @Override
        public String type() {
            return "webhook";
        }
    }
}
