package io.weir.launcher.command;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Finding;
import io.weir.cert.Shown;
import io.weir.control.store.Json;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How certificates look to people and to programs. */
final class CertPrint {

    private static final Duration HALF_A_DAY = Duration.ofHours(12);

    private CertPrint() {}

    static CommandFailedException refused(BadCertificateException e) {
        return new CommandFailedException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }

    /** Says what was written. */
    static void made(
            Console console, Output output, Path key, Path file, X509Certificate certificate) {
        Shown.Certificate shown = Shown.Certificate.of(certificate);
        if (!output.print(
                console, Json.object("key", key, "file", file, "certificate", document(shown)))) {
            console.print("key:          " + key);
            console.print("certificate:  " + file);
            lines(shown, Instant.now()).forEach(console::print);
        }
    }

    static Map<String, ?> document(Shown shown) {
        return switch (shown) {
            case Shown.Certificate it ->
                    Json.object(
                            "type", "certificate",
                            "subject", it.subject(),
                            "issuer", it.issuer(),
                            "hosts", it.hosts(),
                            "addresses", it.addresses(),
                            "not-before", it.notBefore(),
                            "not-after", it.notAfter(),
                            "key", it.key(),
                            "signature", it.signature(),
                            "authority", it.authority(),
                            "serial", it.serial(),
                            "sha256", it.fingerprint());
            case Shown.Request it ->
                    Json.object(
                            "type", "request",
                            "subject", it.subject(),
                            "hosts", it.hosts(),
                            "addresses", it.addresses(),
                            "key", it.key(),
                            "genuine", it.genuine());
            case Shown.RevocationList it ->
                    Json.object(
                            "type", "revocation-list",
                            "issuer", it.issuer(),
                            "this-update", it.thisUpdate(),
                            "next-update", it.nextUpdate(),
                            "revoked", it.revoked());
            case Shown.Key it ->
                    Json.object(
                            "type",
                            "key",
                            "key",
                            it.type().isEmpty() ? null : it.type(),
                            "encrypted",
                            it.encrypted());
        };
    }

    static Map<String, ?> document(Finding finding) {
        return Json.object(
                "severity", finding.isError() ? "error" : "warning",
                "kind", finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "file", finding.file(),
                "message", finding.message());
    }

    static String line(Finding finding) {
        return (finding.isError() ? "error: " : "warning: ") + finding;
    }

    static List<String> lines(Shown shown, Instant now) {
        List<String> lines = new ArrayList<>();
        switch (shown) {
            case Shown.Certificate it -> {
                lines.add("subject:      " + it.subject() + (it.authority() ? " (authority)" : ""));
                boolean own = it.subject().equals(it.issuer());
                lines.add("issuer:       " + (own ? "itself" : it.issuer()));
                names(it.hosts(), it.addresses(), lines);
                lines.add("valid from:   " + it.notBefore());
                lines.add("valid until:  " + it.notAfter() + ", " + left(it.notAfter(), now));
                lines.add("key:          " + it.key() + ", signed with " + it.signature());
                lines.add("serial:       " + it.serial());
                lines.add("SHA-256:      " + it.fingerprint());
            }
            case Shown.Request it -> {
                lines.add("request for:  " + it.subject());
                names(it.hosts(), it.addresses(), lines);
                lines.add(
                        "key:          "
                                + it.key()
                                + (it.genuine() ? "" : "; the signature is NOT of this key"));
            }
            case Shown.RevocationList it -> {
                lines.add("revocations:  " + it.revoked() + " by " + it.issuer());
                lines.add("since:        " + it.thisUpdate());
                Instant next = it.nextUpdate();
                lines.add(
                        "until:        " + (next == null ? "ever" : next + ", " + left(next, now)));
            }
            case Shown.Key it ->
                    lines.add(
                            "private key:  "
                                    + (it.type().isEmpty() ? "of unknown type" : it.type())
                                    + (it.encrypted() ? ", encrypted" : ""));
        }
        return lines;
    }

    private static void names(List<String> hosts, List<String> addresses, List<String> lines) {
        List<String> names = new ArrayList<>(hosts);
        names.addAll(addresses);
        lines.add("names:        " + (names.isEmpty() ? "none" : String.join(", ", names)));
    }

    private static String left(Instant end, Instant now) {
        long days = Duration.between(now, end).plus(HALF_A_DAY).toDays();
        return end.isBefore(now) ? "expired " + -days + " days ago" : "in " + days + " days";
    }
}
