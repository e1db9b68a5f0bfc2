package io.weir.config.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that the examples of TLS keys name; a load only looks whether they can be read. */
final class TlsFiles {

    private static final List<String> NAMES =
            List.of(
                    "site.pem",
                    "default.pem",
                    "site.key",
                    "site.ocsp",
                    "other.pem",
                    "other.key",
                    "clients-ca.pem",
                    "clients.crl",
                    "nodes-ca.pem");

    /** Files with address blocks, which are read. */
    private static final List<String> LISTS = List.of("partners.txt", "banned.txt");

    private TlsFiles() {}

    static void write(Path directory) throws IOException {
        for (String name : NAMES) {
            Files.writeString(directory.resolve(name), name);
        }
        for (String name : LISTS) {
            Files.writeString(directory.resolve(name), "198.51.100.0/24 # " + name + "\n");
        }
    }
}
