package io.weir.tls;

import io.weir.cert.Names;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes nodes whose certificates have one of certain names, whatever the node's own name. */
final class NamedNodes extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager chains;
    private final List<String> names;

    /**
     * @param chains checks everything but the name
     * @param names wildcards such as {@code *.example.com} among them
     */
    NamedNodes(X509ExtendedTrustManager chains, List<String> names) {
        this.chains = chains;
        this.names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private void checkName(X509Certificate certificate) throws CertificateException {
        List<String> found = Names.hosts(certificate);
        if (found.stream().noneMatch(this::matches)) {
            throw new CertificateException(
                    "the certificate is for "
                            + String.join(", ", found)
                            + ", expected "
                            + String.join(", ", names));
        }
    }

    private boolean matches(String host) {
        int dot = host.indexOf('.');
        return names.contains(host) || dot > 0 && names.contains("*" + host.substring(dot));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, engine);
        checkName(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, socket);
        checkName(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        chains.checkServerTrusted(chain, type);
        checkName(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        chains.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
