package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Crls;
import io.weir.cert.TrustAnchors;
import io.weir.config.PoolConfig;
import io.weir.config.TlsConfig;
import io.weir.config.VirtualServerConfig;
import io.weir.control.ConfigStore;
import io.weir.testkit.TestCa;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.stream.Stream;

/** Authorities that know clients, and certificates that nodes are shown. */
class AuthorityOperationsTest {

    private static final String AUTHORITIES = "Catalog.SSL.CertificateAuthorities.";
    private static final String CLIENTS = "Catalog.SSL.ClientCertificates.";
    private static final String SERVER = "VirtualServer.";
    private static final String TRUSTED = "SSLClientCertificateAuthorities";

    @TempDir Path directory;
    private final TestCa staff = new TestCa("Staff");
    private final TestCa guests = new TestCa("Guests");
    private SoapRig rig;

    @BeforeEach
    void start() throws Exception {
        staff.issue("weir.example").write(directory, "server");
        rig =
                SoapRig.managed(
                        directory,
                        """
                        virtual-servers:
                          shop:
                            listen: "127.0.0.1:0"
                            pool: web
                            tls: {certificate: "%1$s/server.pem", key: "%1$s/server.key"}
                        pools:
                          web: {nodes: ["127.0.0.1:81"], tls: {enabled: true, verify: false}}
                        """
                                .formatted(directory));
        rig.items(
                AUTHORITIES + "importCertificateAuthority",
                list("staff", "guests"),
                list(pem(staff), pem(guests)));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private String pem(TestCa authority) throws IOException {
        Path file = directory.resolve("authority.pem");
        authority.write(file);
        return Files.readString(file);
    }

    private String crl(TestCa authority, TestCa.Issued... revoked) throws IOException {
        Path file = directory.resolve("list.pem");
        authority.writeCrl(
                file,
                Stream.of(revoked).map(TestCa.Issued::certificate).toArray(X509Certificate[]::new));
        return Files.readString(file);
    }

    private TlsConfig tls() {
        VirtualServerConfig shop =
                Objects.requireNonNull(rig.control.config().virtualServers().get("shop"));
        return Objects.requireNonNull(shop.tls());
    }

    private int trusted() throws BadCertificateException {
        return TrustAnchors.load(Objects.requireNonNull(tls().clientCaFile()))
                .certificates()
                .size();
    }

    private long filesOf(String folder) {
        return rig.control.files().stream()
                .map(ConfigStore.StoredFile::path)
                .filter(path -> path.startsWith(folder))
                .count();
    }

    @Test
    void virtualServersTrustAuthoritiesByName() throws Exception {
        assertThat(rig.items(AUTHORITIES + "getCertificateAuthorityNames"))
                .isEqualTo("[guests, staff]");
        assertThat(rig.items(SERVER + "get" + TRUSTED, list("shop"))).isEqualTo("[[]]");
        rig.items(SERVER + "set" + TRUSTED, list("shop"), lists("staff"));
        rig.items(SERVER + "setSSLRequestClientCertMode", list("shop"), list("require"));
        rig.items(SERVER + "add" + TRUSTED, list("shop"), lists("guests"));
        assertThat(rig.items(SERVER + "get" + TRUSTED, list("shop")))
                .isEqualTo("[[guests, staff]]");
        assertThat(trusted()).isEqualTo(2);

        assertThat(rig.fault(SERVER + "add" + TRUSTED, list("shop"), lists("nobody")))
                .isEqualTo("InvalidInput shop client-ca-file nobody");
        assertThat(rig.fault(AUTHORITIES + "deleteCertificateAuthority", list("staff")))
                .startsWith("InvalidOperation staff");
        rig.items(AUTHORITIES + "renameCertificateAuthority", list("guests"), list("visitors"));
        assertThat(rig.items(SERVER + "get" + TRUSTED, list("shop")))
                .isEqualTo("[[staff, visitors]]");

        rig.items(SERVER + "remove" + TRUSTED, list("shop"), lists("visitors"));
        assertThat(trusted()).isEqualTo(1);
        assertThat(filesOf("client-authorities/")).isEqualTo(1);
        assertThat(rig.fault(SERVER + "set" + TRUSTED, list("shop"), lists("")))
                .startsWith("InvalidInput shop");
        rig.items(AUTHORITIES + "deleteCertificateAuthority", list("visitors"));
        assertThat(rig.items(AUTHORITIES + "getCertificateAuthorityNames")).isEqualTo("[staff]");
    }

    @Test
    void listsOfRevokedCertificatesReachTheVirtualServers() throws Exception {
        rig.items(SERVER + "set" + TRUSTED, list("shop"), lists("staff,guests"));
        TestCa.Issued gone = staff.issue("gone.example");
        // With a list of one alone, nobody whom the other knows would be let in any more.
        assertThat(rig.fault(AUTHORITIES + "importCRL", list(crl(staff, gone))))
                .startsWith("InvalidInput shop client-crl-file");
        assertThat(rig.fault(AUTHORITIES + "importCRL", list(crl(new TestCa("Staff")))))
                .startsWith("ObjectDoesNotExist");
        assertThat(rig.fault(AUTHORITIES + "importCRL", list("nonsense")))
                .startsWith("InvalidInput");

        rig.items(AUTHORITIES + "importCRL", list(crl(staff, gone), crl(guests)));
        assertThat(Crls.load(Objects.requireNonNull(tls().clientCrlFile())).lists()).hasSize(2);
        assertThat(rig.items(AUTHORITIES + "getCertificateAuthorityInfo", list("staff")))
                .contains("Staff")
                .contains(gone.certificate().getSerialNumber().toString(16));

        rig.items(AUTHORITIES + "importCRL", list(crl(staff)));
        assertThat(Crls.load(Objects.requireNonNull(tls().clientCrlFile())).lists())
                .hasSize(2)
                .allMatch(list -> list.getRevokedCertificates() == null);
        assertThat(filesOf("client-authorities/")).isEqualTo(2);
    }

    @Test
    void aPoolShowsNodesTheClientCertificateThatThereIs() throws Exception {
        assertThat(rig.fault("Pool.setSSLClientAuth", list("web"), list("true")))
                .startsWith("InvalidInput web tls.certificate");
        importClient("weir");
        rig.items("Pool.setSSLClientAuth", list("web"), list("true"));
        assertThat(rig.items("Pool.getSSLClientAuth", list("web"))).isEqualTo("[true]");

        rig.items(CLIENTS + "renameClientCertificate", list("weir"), list("edge"));
        PoolConfig web = Objects.requireNonNull(rig.control.config().pools().get("web"));
        assertThat(Objects.requireNonNull(web.tls()).certificate()).hasFileName("edge.pem");
        assertThat(rig.items(CLIENTS + "getClientCertificateInfo", list("edge")))
                .contains("Guests");
        assertThat(rig.fault(CLIENTS + "deleteClientCertificate", list("edge")))
                .startsWith("InvalidOperation edge");

        rig.items("Pool.setSSLClientAuth", list("web"), list("false"));
        importClient("other");
        assertThat(rig.fault("Pool.setSSLClientAuth", list("web"), list("true")))
                .startsWith("InvalidInput web tls.certificate");
        rig.items(CLIENTS + "deleteClientCertificate", list("edge", "other"));
        assertThat(filesOf("client-certificates/")).isZero();
    }

    private void importClient(String name) throws IOException {
        guests.issue(name).write(directory, "client");
        rig.items(
                CLIENTS + "importClientCertificate",
                list(name),
                "<k><a><public_cert>"
                        + Files.readString(directory.resolve("client.pem"))
                        + "</public_cert><private_key>"
                        + Files.readString(directory.resolve("client.key"))
                        + "</private_key></a></k>");
    }
}
