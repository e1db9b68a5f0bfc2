package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Edit;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates of which more is written than the control API knows. */
class SitesTest {

    private static final String SHOP =
            """
            {"listen": "127.0.0.1:0", "pool": ["127.0.0.1:81"], "tls": {
              "certificate": "certificates/main.pem", "key": "certificates/main.key",
              "key-passphrase": "first", "ocsp-file": "certificates/main.ocsp",
              "certificates": [
                {"certificate": "certificates/one.pem", "key": "certificates/one.key",
                 "key-passphrase": "second", "ocsp-file": "certificates/one.ocsp",
                 "names": ["a.example", "b.example"]},
                {"certificate": "certificates/two.pem", "key": "certificates/two.key",
                 "key-passphrase": "third", "names": ["c.example"]},
                {"certificate": "certificates/three.pem", "key": "certificates/three.key"}]}}
            """;

    @TempDir Path directory;
    private SoapRig rig;

    @BeforeEach
    void start() throws Exception {
        new TestCa("Staff").issue("weir.example").write(directory, "any");
        rig = SoapRig.withoutTraffic(directory, "{}");
        List<Edit> edits = new ArrayList<>();
        for (String name : List.of("main", "one", "two", "three")) {
            for (String ending : List.of(".pem", ".key")) {
                edits.add(
                        new Edit.PutFile(
                                "certificates/" + name + ending,
                                Files.readAllBytes(directory.resolve("any" + ending))));
            }
            edits.add(new Edit.PutFile("certificates/" + name + ".ocsp", new byte[] {1}));
        }
        edits.add(
                new Edit.Put(
                        List.of("virtual-servers", "shop"), JsonMapper.shared().readTree(SHOP)));
        rig.control.change(Change.of(edits.toArray(Edit[]::new)), Author.WEIR);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private JsonNode tls() {
        return rig.control.desired().document().at("/virtual-servers/shop/tls");
    }

    private static String site(String host, String certificate) {
        return "<s><a><i><dest_address>%s</dest_address><certificate>%s</certificate></i></a></s>"
                .formatted(host, certificate);
    }

    private String sites() {
        return rig.items("VirtualServer.getSSLSites", list("shop"));
    }

    @Test
    void aNewSiteLeavesAllThatIsWrittenAboutTheOthers() {
        JsonNode before = tls().get("certificates");

        rig.items("VirtualServer.addSSLSites", list("shop"), site("d.example", "main"));

        assertThat(sites())
                .isEqualTo(
                        "[[[a.example, one], [b.example, one], [c.example, two],"
                                + " [d.example, main]]]");
        JsonNode after = tls().get("certificates");
        assertThat(after).hasSize(4);
        for (int i = 0; i < 3; i++) {
            assertThat(after.get(i)).isEqualTo(before.get(i));
        }
    }

    @Test
    void aSiteThatGoesLeavesTheOthersTheirPassphrases() {
        JsonNode before = tls().get("certificates");

        rig.items("VirtualServer.deleteSSLSites", list("shop"), lists("a.example"));
        assertThat(sites()).isEqualTo("[[[b.example, one], [c.example, two]]]");
        JsonNode after = tls().get("certificates");
        for (String key : List.of("certificate", "key", "key-passphrase", "ocsp-file")) {
            assertThat(after.get(0).get(key)).as(key).isEqualTo(before.get(0).get(key));
        }

        rig.items("VirtualServer.deleteSSLSites", list("shop"), lists("b.example"));
        assertThat(sites()).isEqualTo("[[[c.example, two]]]");
        assertThat(tls().get("certificates").get(0)).isEqualTo(before.get(1));
        assertThat(tls().get("certificates")).hasSize(2);
    }

    @Test
    void aSiteOfACertificateThatIsThereHasItsPassphraseToo() {
        JsonNode passphrase = tls().get("certificates").get(1).get("key-passphrase");

        rig.items(
                "VirtualServer.editSSLSites",
                list("shop"),
                lists("a.example,c.example"),
                site("a.example", "two"));

        assertThat(sites()).isEqualTo("[[[b.example, one], [a.example, two]]]");
        assertThat(tls().get("certificates").get(1).get("key-passphrase")).isEqualTo(passphrase);
        assertThat(rig.fault("VirtualServer.deleteSSLSites", list("shop"), lists("c.example")))
                .startsWith("InvalidInput");
    }

    @Test
    void whatIsWrittenAboutACertificateStaysWithItAndGoesWithIt() {
        JsonNode before = tls();
        assertThat(before.has("key-passphrase")).isTrue();

        rig.items("VirtualServer.setSSLCertificate", list("shop"), list("main"));
        assertThat(tls()).isEqualTo(before);

        rig.items("VirtualServer.setSSLCertificate", list("shop"), list("two"));
        assertThat(tls().get("certificate").stringValue()).isEqualTo("certificates/two.pem");
        assertThat(tls().has("key-passphrase")).isFalse();
        assertThat(tls().has("ocsp-file")).isFalse();
    }
}
