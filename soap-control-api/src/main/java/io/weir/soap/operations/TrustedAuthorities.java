package io.weir.soap.operations;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Crls;
import io.weir.cert.PemText;
import io.weir.cert.TrustAnchors;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.ConfigStore;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom virtual servers trust to know clients. A virtual server names one file with the certificates
 * of its authorities, and one with their lists; the names of these files are made of what is in
 * them, so that a file never changes and virtual servers may share it. Confined to one call.
 */
final class TrustedAuthorities {

    private static final String SECTION = "virtual-servers";
    private static final String FOLDER = "client-authorities/";
    private static final String CERTIFICATES = "client-ca-file";
    private static final String LISTS = "client-crl-file";

    private final Call call;
    private final Map<String, X509Certificate> authorities;
    private final Map<String, X509CRL> fresh;

    /**
     * @param fresh new lists by the names of the authorities that they are from
     */
    private TrustedAuthorities(Call call, Map<String, X509CRL> fresh) throws SoapProblem {
        this.call = call;
        this.authorities = AuthorityCalls.all(call);
        this.fresh = fresh;
    }

    static void register(Handlers handlers) {
        String what = "SSLClientCertificateAuthorities";
        handlers.on("VirtualServer.get" + what, TrustedAuthorities::names);
        handlers.on(
                "VirtualServer.set" + what,
                call ->
                        edit(
                                call,
                                (trusted, named) -> {
                                    trusted.clear();
                                    trusted.addAll(named);
                                }));
        handlers.on("VirtualServer.add" + what, call -> edit(call, Set::addAll));
        handlers.on(
                "VirtualServer.remove" + what,
                call -> edit(call, (trusted, named) -> named.forEach(trusted::remove)));
    }

    /** What a call does to the certificates that a virtual server trusts. */
    @FunctionalInterface
    private interface Step {
        void take(Set<X509Certificate> trusted, List<X509Certificate> named);
    }

    private static Set<X509Certificate> trusted(VirtualServerConfig server) throws SoapProblem {
        TlsConfig tls = server.tls();
        Path file = tls == null ? null : tls.clientCaFile();
        try {
            return new LinkedHashSet<>(
                    file == null ? List.of() : TrustAnchors.load(file).certificates());
        } catch (BadCertificateException e) {
            throw SoapProblem.internal(String.valueOf(e.getMessage()));
        }
    }

    /** The first virtual server that trusts an authority; null when none does. */
    static @Nullable String whoTrusts(Call call, X509Certificate authority) throws SoapProblem {
        for (VirtualServerConfig server : call.draft().config().virtualServers().values()) {
            if (trusted(server).contains(authority)) {
                return server.name();
            }
        }
        return null;
    }

    /** Those that the control API gave no name are not shown. */
    private static Object names(Call call) throws SoapProblem {
        Map<String, X509Certificate> authorities = AuthorityCalls.all(call);
        List<List<String>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            Set<X509Certificate> trusted = trusted(VirtualServerCalls.server(call, name));
            all.add(
                    authorities.entrySet().stream()
                            .filter(authority -> trusted.contains(authority.getValue()))
                            .map(Map.Entry::getKey)
                            .toList());
        }
        return all;
    }

    private static @Nullable Object edit(Call call, Step step) throws SoapProblem {
        TrustedAuthorities change = new TrustedAuthorities(call, Map.of());
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            VirtualServerConfig server = VirtualServerCalls.server(call, names.get(i));
            List<X509Certificate> named = new ArrayList<>();
            for (String name : call.lists(1).get(i)) {
                X509Certificate authority = change.authorities.get(name);
                if (authority == null) {
                    throw SoapProblem.invalid(
                            "Could not find the certificate authority '" + name + "'",
                            server.name(),
                            CERTIFICATES,
                            name);
                }
                named.add(authority);
            }
            Set<X509Certificate> trusted = trusted(server);
            step.take(trusted, named);
            change.write(server, trusted);
        }
        change.sweep();
        return null;
    }

    /**
     * Gives every virtual server that trusts one of these authorities its new list.
     *
     * @param fresh lists by the names of the authorities that they are from
     */
    static void renew(Call call, Map<String, X509CRL> fresh) throws SoapProblem {
        TrustedAuthorities change = new TrustedAuthorities(call, fresh);
        for (VirtualServerConfig server : call.draft().config().virtualServers().values()) {
            Set<X509Certificate> trusted = trusted(server);
            if (fresh.keySet().stream().map(change.authorities::get).anyMatch(trusted::contains)) {
                change.write(server, trusted);
            }
        }
        change.sweep();
    }

    private void write(VirtualServerConfig server, Set<X509Certificate> trusted)
            throws SoapProblem {
        StringBuilder lists = new StringBuilder();
        X509Certificate without = null;
        for (X509Certificate authority : trusted) {
            X509CRL list = list(server, authority);
            if (list == null) {
                without = authority;
            } else {
                lists.append(AuthorityCalls.text(list));
            }
        }
        if (without != null && !lists.isEmpty()) {
            // Weir lets nobody in whom an authority without a list knows, once there is any list.
            throw SoapProblem.invalid(
                    "the virtual server '"
                            + server.name()
                            + "' would have lists of some of its authorities, but none of '"
                            + without.getSubjectX500Principal().getName()
                            + "'; import the lists of all of them in one call",
                    server.name(),
                    LISTS,
                    "");
        }
        put(server, CERTIFICATES, PemText.certificates(List.copyOf(trusted)));
        put(server, LISTS, lists.toString());
    }

    /** The list of an authority: the new one, the one that is kept, or the one in use. */
    private @Nullable X509CRL list(VirtualServerConfig server, X509Certificate authority)
            throws SoapProblem {
        for (Map.Entry<String, X509Certificate> entry : authorities.entrySet()) {
            if (entry.getValue().equals(authority)) {
                X509CRL list = fresh.get(entry.getKey());
                return list == null ? AuthorityCalls.list(call, entry.getKey()) : list;
            }
        }
        TlsConfig tls = server.tls();
        Path file = tls == null ? null : tls.clientCrlFile();
        try {
            return file == null
                    ? null
                    : Crls.load(file).lists().stream()
                            .filter(each -> AuthorityCalls.isFrom(authority, each))
                            .findFirst()
                            .orElse(null);
        } catch (BadCertificateException e) {
            throw SoapProblem.internal(String.valueOf(e.getMessage()));
        }
    }

    /** Puts a file with this text and names it; without text, nothing is named. */
    private void put(VirtualServerConfig server, String key, String text) throws SoapProblem {
        if (text.isEmpty()) {
            call.draft().remove(List.of(SECTION, server.name(), "tls", key));
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        String file = FOLDER + digest(bytes) + ".pem";
        call.draft().putFile(file, bytes);
        call.draft()
                .set(
                        SECTION,
                        server.name(),
                        "tls." + key,
                        JsonNodeFactory.instance.stringNode(file));
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Takes away the files that no virtual server names any more. */
    private void sweep() {
        Set<String> named = new HashSet<>();
        for (String server : call.draft().names(SECTION)) {
            for (String key : List.of(CERTIFICATES, LISTS)) {
                named.add(call.draft().at(List.of(SECTION, server, "tls", key)).asString(""));
            }
        }
        for (ConfigStore.StoredFile file : call.services().control().files()) {
            if (file.path().startsWith(FOLDER) && !named.contains(file.path())) {
                call.draft().removeFile(file.path());
            }
        }
    }
}
