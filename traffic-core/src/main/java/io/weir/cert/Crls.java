package io.weir.cert;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.List;

/**
 * Lists of revoked certificates. Immutable.
 *
 * @param lists one or more per authority; nothing is said yet about who signed them
 */
public record Crls(List<X509CRL> lists) {

    public Crls {
        lists = List.copyOf(lists);
    }

    /** Reads the lists of a PEM file, or one in DER; what else stands in it is ignored. */
    public static Crls load(Path pem) throws BadCertificateException {
        return new Crls(CertificateReader.crls(pem));
    }

    /** As the JDK's certification paths want them; they verify who signed the lists. */
    public CertStore store() throws GeneralSecurityException {
        return CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists));
    }

    /** The lists that were to be replaced by newer ones before {@code now}. */
    public List<X509CRL> outOfDate(Instant now) {
        return lists.stream().filter(each -> isOutOfDate(each, now)).toList();
    }

    static boolean isOutOfDate(X509CRL list, Instant now) {
        return list.getNextUpdate() != null && list.getNextUpdate().toInstant().isBefore(now);
    }

    @Override
    public String toString() {
        return "Crls[" + lists.size() + "]";
    }
}
