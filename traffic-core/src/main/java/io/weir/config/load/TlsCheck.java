package io.weir.config.load;

import io.weir.config.GlobalConfig.TlsEngine;
import io.weir.config.NodeTlsConfig;
import io.weir.config.TlsConfig;
import io.weir.config.TlsConfig.ClientCertificate;

import java.util.List;

/** Looks for TLS settings that make no sense beside each other. */
final class TlsCheck {

    private final Problems problems;

    TlsCheck(Problems problems) {
        this.problems = problems;
    }

    void server(Section s, TlsConfig tls, TlsEngine engine) {
        if (engine == TlsEngine.JDK) {
            tls.onlyWithBoringSsl().forEach(key -> noEffect(s, key, "global.tls-engine is jdk"));
        }
        if (tls.clientCertificate() == ClientCertificate.NONE) {
            for (String key :
                    List.of("client-ca-file", "client-crl-file", "client-certificate-headers")) {
                noEffect(s, key, "client-certificate is none");
            }
        } else if (!s.has("client-ca-file")) {
            problems.error(
                    s.place("client-certificate"),
                    s.path("client-certificate"),
                    ProblemCode.NEEDS_OTHER_KEY,
                    s.path("client-certificate") + ": needs the key 'client-ca-file'");
        }
        if (!tls.tickets()) {
            noEffect(s, "ticket-keys", "tickets is false");
            noEffect(s, "ticket-key-rotation", "tickets is false");
            noEffect(s, "ticket-key-expiry", "tickets is false");
        } else if (tls.ticketKeyExpiry().compareTo(tls.ticketKeyRotation()) < 0) {
            String key = s.has("ticket-key-expiry") ? "ticket-key-expiry" : "ticket-key-rotation";
            problems.error(
                    s.place(key),
                    s.path(key),
                    ProblemCode.CONTRADICTION,
                    s.path()
                            + ": ticket-key-expiry is "
                            + Quantity.written(tls.ticketKeyExpiry())
                            + ", shorter than ticket-key-rotation, which is "
                            + Quantity.written(tls.ticketKeyRotation()));
        }
        if (!tls.ocspStapling()) {
            noEffect(s, "ocsp-file", "ocsp-stapling is false");
        }
    }

    void nodes(Section s, NodeTlsConfig tls) {
        if (!tls.verify()) {
            noEffect(s, "ca-file", "verify is false");
            noEffect(s, "common-name-match", "verify is false");
        }
        if (s.has("key") && !s.has("certificate")) {
            problems.error(
                    s.place("key"),
                    s.path("key"),
                    ProblemCode.NEEDS_OTHER_KEY,
                    s.path("key") + ": needs the key 'certificate' beside it");
        }
    }

    private void noEffect(Section s, String key, String reason) {
        if (s.has(key) && !"none".equals(s.textOrNull(key))) {
            problems.warning(
                    s.place(key),
                    s.path(key),
                    ProblemCode.NO_EFFECT,
                    s.path(key) + " has no effect: " + reason);
        }
    }
}
