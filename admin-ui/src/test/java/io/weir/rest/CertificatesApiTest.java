package io.weir.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cert.KeyKind;
import io.weir.cert.PemText;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.Revision;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
    void whatOthersChangeMeanwhileIsKept() throws Exception {
        String use = MAKE + ", \"virtual-server\": \"shop\"}";
        assertThat(ask("POST", "certificates/shop", use).status()).isEqualTo(200);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> certificates =
                    threads.submit(
                            () -> {
                                for (int i = 0; i < 20; i++) {
                                    Answer used = ask("POST", "certificates/shop", use);
                                    assertThat(used.status()).as(used.body()).isEqualTo(200);
                                }
                                return true;
                            });
            for (int i = 1; !certificates.isDone(); i++) {
                control.change(
                        Change.of(
                                new Edit.Put(
                                        List.of("virtual-servers", "shop", "tls", "hsts"),
                                        Request.JSON.getNodeFactory().stringNode(i + "s"))),
                        RestRig.ROOT);
            }
            certificates.get();
        }
        List<Integer> times = new ArrayList<>();
        for (Revision each : control.revisions().list(10_000).reversed()) {
            JsonNode hsts =
                    control.revisions()
                            .at(each.number())
                            .document()
                            .at("/virtual-servers/shop/tls/hsts");
            times.add(Integer.valueOf(hsts.asString("0s").replace("s", "")));
        }
        assertThat(times).as("in no revision a former one is back").isSorted();
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
