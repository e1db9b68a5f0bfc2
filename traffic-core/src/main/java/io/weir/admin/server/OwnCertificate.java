package io.weir.admin.server;

import io.weir.cert.BadCertificateException;
import io.weir.cert.CertificateMaker;
import io.weir.cert.Identity;
import io.weir.cert.KeyKind;
import io.weir.cert.NewFiles;
import io.weir.cert.PemText;
import io.weir.cert.Subject;
import io.weir.config.AdminConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The certificate of the admin server: the configured one, or one that Weir makes for itself and
 * keeps, so that people need to accept it once only. Confined to one thread at a time.
 */
final class OwnCertificate {

    private static final String NAME = "admin";
    private static final Duration VALIDITY = Duration.ofDays(825);
    private static final Duration RENEWAL = Duration.ofDays(30);

    private final Path directory;
    private final Set<String> machineNames;
    private final SecureRandom random;

    /**
     * @param directory where it is kept
     * @param machineNames host names of this machine
     */
    OwnCertificate(Path directory, Set<String> machineNames, SecureRandom random) {
        this.directory = directory;
        this.machineNames = Set.copyOf(machineNames);
        this.random = random;
    }

    /**
     * The certificate to show. One of our own is made when there is none, when it ends soon, or
     * when it cannot be used.
     *
     * @throws BadCertificateException when the configured one cannot be used
     * @throws IOException when a new one cannot be kept
     */
    Identity get(AdminConfig config, Instant now) throws BadCertificateException, IOException {
        Path certificate = config.certificate();
        if (certificate != null) {
            Path key = config.key();
            return Identity.load(certificate, key == null ? certificate : key, null);
        }
        Path file = directory.resolve(NAME + ".pem");
        Path key = directory.resolve(NAME + ".key");
        if (Files.exists(file) && Files.exists(key)) {
            try {
                Identity kept = Identity.load(file, key, null);
                if (kept.notAfter().isAfter(now.plus(RENEWAL))
                        && kept.hostNames().containsAll(hosts(config))) {
                    return kept;
                }
            } catch (BadCertificateException e) {
                // A new one takes its place.
            }
        }
        make(config, now);
        return Identity.load(file, key, null);
    }

    private void make(AdminConfig config, Instant now) throws IOException {
        List<String> names = new ArrayList<>(hosts(config));
        names.add("127.0.0.1");
        names.add("::1");
        String address = config.listen().host();
        if (!names.contains(address) && address.matches("[0-9.]+|[0-9a-f:]+")) {
            if (!address.equals("0.0.0.0") && !address.equals("::")) {
                names.add(address);
            }
        }
        KeyPair keys = KeyKind.EC_P256.make(random);
        CertificateMaker maker = new CertificateMaker(random, now);
        NewFiles files = new NewFiles(directory, true);
        files.addSecret(NAME + ".key", PemText.key(keys.getPrivate(), null, random));
        files.add(
                NAME + ".pem",
                PemText.certificates(
                        List.of(maker.selfSigned(keys, Subject.server(names), VALIDITY))));
        files.write();
    }

    private Set<String> hosts(AdminConfig config) {
        Set<String> hosts = new LinkedHashSet<>();
        for (Set<String> names : List.of(machineNames, Set.copyOf(config.names()))) {
            for (String name : names) {
                try {
                    hosts.addAll(Subject.server(List.of(name)).hosts());
                } catch (IllegalArgumentException e) {
                    // A machine may have a name that certificates cannot have.
                }
            }
        }
        hosts.add("localhost");
        return hosts;
    }
}
