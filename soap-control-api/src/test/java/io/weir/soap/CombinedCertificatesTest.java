package io.weir.soap;

import static io.weir.soap.SoapRig.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Edit;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Certificates whose file has their private key, too: the key is not given out. */
class CombinedCertificatesTest {

    private static final String CERTIFICATES = "Catalog.SSL.Certificates.";

    @TempDir Path directory;
    private String certificate = "";
    private byte[] combined = {};

    private static String config(Path both) {
        return """
        virtual-servers:
          shop:
            listen: "127.0.0.1:0"
            pool: ["127.0.0.1:81"]
            tls: {certificate: "%1$s", key: "%1$s"}
        """
                .formatted(both);
    }

    @BeforeEach
    void aCertificateWithItsKey() throws Exception {
        new TestCa("Staff").issue("weir.example").write(directory, "apart");
        certificate = Files.readString(directory.resolve("apart.pem"));
        String key = Files.readString(directory.resolve("apart.key"));
        combined = (key + certificate).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void ofFilesOnlyTheCertificatesAreShown() throws Exception {
        Path both = Files.write(directory.resolve("both.pem"), combined);
        try (SoapRig rig = SoapRig.files(directory, config(both))) {
            assertThat(rig.items(CERTIFICATES + "getCertificateNames")).isEqualTo("[both]");
            assertOnlyTheCertificateIsShown(rig);
            assertThat(rig.items(CERTIFICATES + "getCertificateInfo", list("both")))
                    .contains("weir.example");

            Files.writeString(both, Files.readString(directory.resolve("apart.key")));
            assertThat(rig.fault(CERTIFICATES + "getRawCertificate", list("both")))
                    .isEqualTo("ObjectDoesNotExist both");
        }
    }

    @Test
    void ofTheManagedStoreOnlyTheCertificatesAreShown() throws Exception {
        try (SoapRig rig = SoapRig.managed(directory, "{}")) {
            String server =
                    """
                    {"listen": "127.0.0.1:0", "pool": ["127.0.0.1:81"],
                     "tls": {"certificate": "keys/both.pem", "key": "keys/both.pem"}}
                    """;
            rig.control.change(
                    Change.of(
                            new Edit.PutFile("keys/both.pem", combined),
                            new Edit.Put(
                                    List.of("virtual-servers", "shop"),
                                    JsonMapper.shared().readTree(server))),
                    Author.WEIR);
            assertOnlyTheCertificateIsShown(rig);
        }
    }

    private void assertOnlyTheCertificateIsShown(SoapRig rig) {
        assertThat(rig.items(CERTIFICATES + "getRawCertificate", list("both")).strip())
                .startsWith("[-----BEGIN CERTIFICATE-----")
                .doesNotContain("PRIVATE KEY")
                .isEqualToIgnoringWhitespace("[" + certificate + "]");
    }
}
