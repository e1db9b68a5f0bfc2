package io.weir.rest;

import io.weir.cert.BadCertificateException;
import io.weir.cert.CertificateMaker;
import io.weir.cert.Import;
import io.weir.cert.KeyKind;
import io.weir.cert.PemText;
import io.weir.cert.Subject;

import org.jspecify.annotations.Nullable;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * What becomes files when a certificate is made or taken over; each null when there is none.
 *
 * @param certificate PEM, the chain after it
 * @param key PEM, not to be shown
 * @param request PEM, for an authority to sign
 */
record NewCertificate(
        @Nullable String certificate, @Nullable String key, @Nullable String request) {

    /** The members of a body that this reads. */
    static final Set<String> MEMBERS =
            Set.of("certificate", "key", "names", "key-type", "days", "request");

    private static final int LONGEST = 36_500;
    private static final int YEAR = 365;

    /** Makes a certificate, a request for one, or checks one that is brought along. */
    static NewCertificate of(String name, Fields fields, Instant now, SecureRandom random)
            throws BadRequestException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}")) {
            throw new BadRequestException(
                    "the name of the certificate is '"
                            + name
                            + "', expected letters, digits, blanks and . _ -");
        }
        String brought = fields.text("certificate");
        if (brought != null) {
            return takenOver(name, brought, fields.text("key"));
        }
        List<String> names = fields.texts("names");
        if (names.isEmpty()) {
            throw new BadRequestException(
                    "there is neither a certificate nor names to make one for");
        }
        Subject subject = subject(names);
        KeyPair keys = kind(fields).make(random);
        CertificateMaker maker = new CertificateMaker(random, now);
        String key = PemText.key(keys.getPrivate(), null, random);
        if (fields.flag("request")) {
            byte[] der = maker.request(keys.getPublic(), keys.getPrivate(), subject);
            return new NewCertificate(null, key, PemText.request(der));
        }
        String made =
                PemText.certificates(
                        List.of(maker.selfSigned(keys, subject, Duration.ofDays(days(fields)))));
        return new NewCertificate(made, key, null);
    }

    private static NewCertificate takenOver(String name, String certificate, @Nullable String key)
            throws BadRequestException {
        try {
            Import.check(name, certificate, key);
        } catch (BadCertificateException e) {
            throw new BadRequestException(422, String.valueOf(e.getMessage()));
        }
        return new NewCertificate(certificate, key, null);
    }

    private static Subject subject(List<String> names) throws BadRequestException {
        try {
            return Subject.server(names);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(String.valueOf(e.getMessage()));
        }
    }

    private static long days(Fields fields) throws BadRequestException {
        long days = Objects.requireNonNullElse(fields.number("days"), (long) YEAR);
        if (days < 1 || days > LONGEST) {
            throw new BadRequestException("the days are " + days + ", expected 1 to " + LONGEST);
        }
        return days;
    }

    private static KeyKind kind(Fields fields) throws BadRequestException {
        String wanted =
                Objects.requireNonNullElse(fields.text("key-type"), KeyKind.EC_P256.keyword());
        String word = wanted.toLowerCase(Locale.ROOT);
        for (KeyKind kind : KeyKind.values()) {
            if (kind.keyword().equals(word)) {
                return kind;
            }
        }
        throw new BadRequestException(
                "the key-type is '"
                        + wanted
                        + "', expected one of "
                        + String.join(
                                ", ",
                                Arrays.stream(KeyKind.values()).map(KeyKind::keyword).toList()));
    }
}
