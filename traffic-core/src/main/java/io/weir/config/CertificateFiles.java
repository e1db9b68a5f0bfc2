package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * The files of a certificate and its private key.
 *
 * @param certificate PEM: the certificate, then those of its issuers
 * @param key PEM; may be the same file
 * @param keyPassphrase opens an encrypted key; null when it is not encrypted
 * @param names host names that it serves, wildcards like {@code *.example.com} among them; empty
 *     for those that stand in the certificate
 * @param ocspFile the answer of the authority about the certificate (DER), for stapling; null to
 *     ask the authority
 */
public record CertificateFiles(
        Path certificate,
        Path key,
        @Nullable Secret keyPassphrase,
        List<String> names,
        @Nullable Path ocspFile) {

    public CertificateFiles {
        names = List.copyOf(names);
    }
}
