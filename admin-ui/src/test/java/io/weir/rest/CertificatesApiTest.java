package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cert.KeyKind;
import io.weir.cert.PemText;
import io.weir.control.Control;
import io.weir.testkit.AdminDoor.Answer;
import io.weir.testkit.MemoryTempDir;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.security.SecureRandom;

class CertificatesApiTest {

    private static final String MAKE = "{\"names\": [\"a.example\", \"10.0.0.1\"], \"days\": 30";

    @TempDir(factory = MemoryTempDir.class)
    Path state;

    private RestRig rig;
    private Control control;

    @BeforeEach
    void open() throws Exception {
        rig = new RestRig(state);
        control = rig.control;
        assertThat(ask("PUT", "config/pools/web", "{\"nodes\":[\"a:80\"]}").status())
                .isEqualTo(201);
        assertThat(
                        ask(
                                        "PUT",
                                        "config/virtual-servers/shop",
                                        "{\"listen\":\":8443\",\"pool\":\"web\"}")
                                .status())
                .isEqualTo(201);
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private Answer ask(String method, String path, String body) throws Exception {
        return rig.ask(method, path, body);
    }

    /** The only certificate there is. */
    private JsonNode only() throws Exception {
        JsonNode list =
                Request.JSON.readTree(ask("GET", "certificates", "").body()).get("certificates");
        assertThat(list.size()).isEqualTo(1);
        return list.get(0);
    }

    @Test
    void aCertificateIsMadeUsedByAVirtualServerAndGoesOnlyWhenNobodyUsesIt() throws Exception {
        Answer plan =
                ask(
                        "POST",
                        "certificates/shop",
                        MAKE + ", \"virtual-server\": \"shop\", \"dry-run\": true}");
        assertThat(plan.body()).contains("virtual-servers/shop");
        assertThat(control.files()).isEmpty();

        Answer made = ask("POST", "certificates/shop", MAKE + ", \"virtual-server\": \"shop\"}");
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        JsonNode shown = only();
        assertThat(shown.get("virtual-servers").toString()).isEqualTo("[\"shop\"]");
        assertThat(shown.get("certificate").get("names").toString())
                .isEqualTo("[\"a.example\",\"10.0.0.1\"]");
        assertThat(shown.get("certificate").get("self-signed").booleanValue()).isTrue();
        assertThat(ask("DELETE", "certificates/shop", "").status()).isEqualTo(409);

        assertThat(ask("PATCH", "config/virtual-servers/shop", "{\"tls\": null}").status())
                .isEqualTo(200);
        assertThat(ask("DELETE", "certificates/shop", "").status()).isEqualTo(200);
        assertThat(ask("GET", "certificates", "").body()).contains("[]");
    }

    @Test
    void aKeyGoesInAndNeverComesOut() throws Exception {
        assertThat(ask("POST", "certificates/shop", MAKE + "}").status()).isEqualTo(200);
        assertThat(only().get("key-file").stringValue()).isEqualTo("certificates/shop.key");
        assertThat(ask("GET", "files/certificates%2Fshop.key", "").status()).isEqualTo(404);
        assertThat(ask("GET", "certificates", "").body()).doesNotContain("PRIVATE");
    }

    @Test
    void aRequestWaitsForItsCertificate() throws Exception {
        Answer made =
                ask("POST", "certificates/shop", "{\"names\":[\"a.example\"],\"request\":true}");
        assertThat(made.status()).as(made.body()).isEqualTo(200);
        assertThat(only().get("certificate").isNull()).isTrue();
        assertThat(ask("GET", "files/certificates%2Fshop.csr", "").body())
                .startsWith("-----BEGIN CERTIFICATE REQUEST-----");
    }

    @Test
    void aKeyThatDoesNotFitItsCertificateIsRefused() throws Exception {
        assertThat(ask("POST", "certificates/shop", MAKE + "}").status()).isEqualTo(200);
        SecureRandom random = new SecureRandom();
        String foreign = PemText.key(KeyKind.EC_P256.make(random).getPrivate(), null, random);
        ObjectNode body =
                Request.JSON
                        .createObjectNode()
                        .put("certificate", ask("GET", "files/certificates%2Fshop.pem", "").body())
                        .put("key", foreign);
        Answer refused = ask("POST", "certificates/other", body.toString());
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
        assertThat(refused.body()).doesNotContain("PRIVATE");
        assertThat(only().get("name").stringValue()).isEqualTo("shop");
    }

    @Test
    void whatIsNoCertificateIsRefusedWithTheReason() throws Exception {
        Answer refused = ask("POST", "certificates/shop", "{\"certificate\": \"rubbish\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("there is no PEM block in it");
        assertThat(ask("POST", "certificates/..%2Fx", MAKE + "}").status()).isEqualTo(400);
        assertThat(ask("POST", "certificates/shop", "{}").body()).contains("neither");
    }
}
