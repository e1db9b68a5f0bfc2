package io.weir.tls;

import io.netty.handler.ssl.OpenSsl;
import io.weir.config.TlsConfig.Profile;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

/** Protocol versions, cipher suites and key exchange groups that stand behind profiles. */
final class Suites {

    private static final List<String> TLS_1_3 =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256");

    /** Forward secrecy and authenticated encryption only. */
    private static final List<String> TLS_1_2 =
            List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String HYBRID = "X25519MLKEM768";
    private static final List<String> GROUPS = List.of(HYBRID, "X25519", "P-256", "P-384");

    private Suites() {}

    static String[] versions(Profile profile) {
        return switch (profile) {
            case MODERN -> new String[] {"TLSv1.3"};
            case INTERMEDIATE -> new String[] {"TLSv1.3", "TLSv1.2"};
        };
    }

    /**
     * The suites to offer.
     *
     * @param chosen by the operator; empty for those of the profile
     * @throws IllegalArgumentException when one is not known to the engine, naming it
     */
    static List<String> of(TlsEngine engine, List<String> chosen) {
        if (chosen.isEmpty()) {
            List<String> all = new ArrayList<>(TLS_1_3);
            all.addAll(TLS_1_2);
            return all;
        }
        Set<String> known = known(engine);
        for (String suite : chosen) {
            if (!known.contains(suite)) {
                throw new IllegalArgumentException(
                        "cipher suite '"
                                + suite
                                + "' is not known, expected some of "
                                + String.join(", ", TLS_1_3)
                                + ", "
                                + String.join(", ", TLS_1_2));
            }
        }
        List<String> all = new ArrayList<>(chosen);
        if (engine.isNative()) {
            // BoringSSL always speaks all suites of TLS 1.3, and asks for those of TLS 1.2 too.
            TLS_1_3.stream().filter(suite -> !all.contains(suite)).forEach(all::add);
            if (all.stream().allMatch(TLS_1_3::contains)) {
                all.addAll(TLS_1_2);
            }
        }
        return all;
    }

    private static Set<String> known(TlsEngine engine) {
        if (engine.isNative()) {
            return OpenSsl.availableJavaCipherSuites();
        }
        try {
            return new HashSet<>(
                    Arrays.asList(
                            SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has a default context", e);
        }
    }

    /** The groups to offer, best first, in the engine's own words. */
    static String[] groups(TlsEngine engine, List<String> chosen) {
        List<String> wanted = chosen.isEmpty() ? GROUPS : chosen;
        return wanted.stream()
                .filter(group -> engine.isNative() || !group.equals(HYBRID))
                .map(Suites::group)
                .toArray(String[]::new);
    }

    private static String group(String name) {
        return switch (name) {
            case "X25519" -> "x25519";
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> name;
        };
    }
}
