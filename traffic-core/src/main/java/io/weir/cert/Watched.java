package io.weir.cert;

import io.weir.event.EventTag;
import io.weir.event.ObjectRef;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that ends to be valid, and who uses it.
 *
 * @param id the same for the same certificate or list, whoever uses it
 * @param what names it in a sentence
 * @param users what the event is about
 */
public record Watched(Kind kind, String id, String what, Instant notAfter, List<ObjectRef> users) {

    /** What can expire. */
    public enum Kind {
        CERTIFICATE(EventTag.VSSSLCERTTOEXPIRE, EventTag.VSSSLCERTEXPIRED),
        AUTHORITY(EventTag.VSCACERTTOEXPIRE, EventTag.VSCACERTEXPIRED),
        /** Never warned of: many lists are replaced only just before their end. */
        REVOCATION_LIST(EventTag.VSCRLOUTOFDATE, EventTag.VSCRLOUTOFDATE);

        final EventTag soon;
        final EventTag expired;

        Kind(EventTag soon, EventTag expired) {
            this.soon = soon;
            this.expired = expired;
        }
    }

    public Watched {
        users = List.copyOf(users);
    }

    /** The certificate of an identity, and those of the authorities in its chain. */
    public static List<Watched> identity(Identity identity, ObjectRef... users) {
        List<Watched> watched = new ArrayList<>();
        for (X509Certificate each : identity.chain()) {
            Kind kind = watched.isEmpty() ? Kind.CERTIFICATE : Kind.AUTHORITY;
            watched.add(certificate(kind, each, users));
        }
        return watched;
    }

    public static List<Watched> anchors(TrustAnchors anchors, ObjectRef... users) {
        return anchors.certificates().stream()
                .map(each -> certificate(Kind.AUTHORITY, each, users))
                .toList();
    }

    /** Lists that say when they end; one that does not is never out of date. */
    public static List<Watched> crls(Crls crls, ObjectRef... users) {
        List<Watched> watched = new ArrayList<>();
        for (X509CRL each : crls.lists()) {
            if (each.getNextUpdate() != null) {
                String issuer = each.getIssuerX500Principal().toString();
                Instant end = each.getNextUpdate().toInstant();
                watched.add(
                        new Watched(
                                Kind.REVOCATION_LIST,
                                issuer + " until " + end,
                                "the revocation list of '" + issuer + "'",
                                end,
                                List.of(users)));
            }
        }
        return watched;
    }

    private static Watched certificate(Kind kind, X509Certificate certificate, ObjectRef... users) {
        return new Watched(
                kind,
                Names.fingerprint(certificate),
                "the certificate '" + Names.subject(certificate) + "'",
                certificate.getNotAfter().toInstant(),
                List.of(users));
    }
}
