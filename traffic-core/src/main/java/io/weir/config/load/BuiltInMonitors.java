package io.weir.config.load;

import io.weir.config.MonitorConfig;
import io.weir.config.MonitorConfig.Connect;
import io.weir.config.MonitorConfig.Dns;
import io.weir.config.MonitorConfig.Http;
import io.weir.config.MonitorConfig.Ping;
import io.weir.config.MonitorConfig.Probe;
import io.weir.config.MonitorConfig.Scope;
import io.weir.config.MonitorConfig.TcpTransaction;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The monitors that pools may name without anybody defining them (ZXTM's built-in monitors). */
public final class BuiltInMonitors {

    /** Built-in monitors of ZXTM that need a protocol which this version does not speak. */
    static final Set<String> UNSUPPORTED = Set.of("RTSP", "SIP UDP", "SIP TCP", "SIP TLS");

    private static final String GOOD_STATUS = "^[234][0-9][0-9]$";
    private static final int RESPONSE = 2048;

    private BuiltInMonitors() {}

    /** All of them by name. */
    public static Map<String, MonitorConfig> all() {
        Map<String, MonitorConfig> all = new LinkedHashMap<>();
        add(all, "Ping", 2, 5, new Ping());
        add(all, "Connect", 2, 5, new Connect());
        add(all, "Simple HTTP", 5, 10, new Http("/", null, null, GOOD_STATUS, null));
        // Any body matches, but all of it must come: an answer that breaks off fails.
        add(all, "Full HTTP", 10, 10, new Http("/", null, null, GOOD_STATUS, "(?s).*"));
        add(all, "Simple HTTPS", 5, 10, new Http("/", null, null, GOOD_STATUS, null, true));
        add(all, "Full HTTPS", 5, 10, new Http("/", null, null, GOOD_STATUS, "(?s).*", true));
        add(all, "Client First", 5, 5, new TcpTransaction("\r\n\r\n", ".+", null, RESPONSE));
        add(all, "Server First", 5, 5, new TcpTransaction(null, ".+", null, RESPONSE));
        add(all, "FTP", 5, 5, new TcpTransaction(null, "(?m)^220 ", "QUIT\r\n", RESPONSE));
        add(all, "SMTP", 5, 5, new TcpTransaction(null, "(?m)^220 ", "QUIT\r\n", RESPONSE));
        add(all, "POP", 5, 5, new TcpTransaction(null, "^\\+OK ", "QUIT\r\n", RESPONSE));
        add(all, "IMAP", 5, 5, new TcpTransaction(null, "^\\* OK", "a LOGOUT\r\n", RESPONSE));
        // An anonymous bind, and unbind: any answer in LDAP's encoding is a living server's.
        add(
                all,
                "LDAP",
                5,
                5,
                new TcpTransaction(
                        "0\f\2\1\1`\7\2\1\3\4\0\u0080\0", "(?s)^0.*a", "0\5\2\1\2B\0", RESPONSE));
        // An X.224 connection request, which is answered by a connection confirm.
        add(
                all,
                "RDP",
                5,
                5,
                new TcpTransaction(
                        "\3\0\0\23\16\u00e0\0\0\0\0\0\1\0\b\0\3\0\0\0",
                        "(?s)^\\x03\\x00...\\xd0",
                        null,
                        RESPONSE));
        // The question whether TLS may begin, which needs no account.
        add(
                all,
                "PostgreSQL",
                5,
                5,
                new TcpTransaction("\0\0\0\b\4\u00d2\26/", "^[SN]", null, RESPONSE));
        add(all, "DNS", 5, 5, new Dns(".", Dns.QueryType.NS, Dns.Expect.REPLY));
        return all;
    }

    private static void add(
            Map<String, MonitorConfig> all, String name, int delay, int timeout, Probe probe) {
        all.put(
                name,
                new MonitorConfig(
                        name,
                        Scope.PER_NODE,
                        null,
                        Duration.ofSeconds(delay),
                        Duration.ofSeconds(timeout),
                        3,
                        true,
                        false,
                        probe,
                        null));
    }
}
