package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.TestCa;

import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Keys and pass phrases are put in by every way there is. Then everything is asked for that any
 * interface gives away, by somebody who may do everything, and nothing of them may be in it.
 */
class PrivateKeysStayInsideTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PASSPHRASE = "canary-in-the-passphrase";
    private static final String BACKUP_PASSPHRASE = "canary-in-the-passphrase-of-the-copy";
    private static final String CLUSTER_KEY = "canary-in-the-cluster-key";

    @TempDir Path directory;
    private final Canaries canaries = new Canaries();
    private final TestCa ca = new TestCa("ca");
    private FakeNode node;
    private Installation installed;

    @BeforeEach
    void install() throws Exception {
        node = FakeNode.answering("n");
        Path home = Files.createDirectories(directory.resolve("w"));
        String pool = "{\"nodes\": [\"" + node.address() + "\"]}";
        String server = "{\"listen\": \"127.0.0.1:0\", \"pool\": \"web\"}";
        String global = "{\"admin\": {\"listen\": \"127.0.0.1:0\"}, \"metrics\": \"off\"}";
        SeededStore.write(
                home,
                directory.resolve("seeding"),
                SeededStore.put(pool, "pools", "web"),
                SeededStore.put(server, "virtual-servers", "plain"),
                SeededStore.put(global, "global"));
        installed = new Installation(home);
    }

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void nothingThatAnyoneCanAskForHasAPrivateKeyOrAPassPhraseInIt() throws Exception {
        try (Installation.Running weir =
                installed.start(Map.of("WEIR_LOG_LEVEL", "debug"), "run")) {
            Interfaces all = Interfaces.of(weir, directory.resolve("w"));
            byCommandLine(all);
            byRest(all);
            bySoap(all);
            mistakes(all);
            everyQuestion(all);

            assertThat(all.answers()).as("the interfaces were asked").isGreaterThan(500);
            assertThat(canaries.in(all.said())).isEmpty();
            assertThat(canaries.in(weir.out() + weir.err())).as("printed").isEmpty();
        }
        nothingIsIn(directory.resolve("w"));
        nothingIsIn(directory.resolve("copy.git"));
    }

    private void nothingIsIn(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!belongsToSecrets(home.relativize(file).toString())) {
                    byte[] content = Interfaces.inflated(file);
                    assertThat(canaries.in(new String(content, StandardCharsets.ISO_8859_1)))
                            .as(file.toString())
                            .isEmpty();
                }
            }
        }
    }

    private static boolean hasFiles(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.findAny().isPresent();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where secrets have to be: readable by the owner only. */
    private static boolean belongsToSecrets(String path) {
        return path.startsWith("state/store/secrets/") || path.startsWith("state/store/tree/");
    }

    private void byCommandLine(Interfaces all) throws Exception {
        Path files = Files.createDirectories(directory.resolve("files"));
        canaries.key(ca.issue("a.example").write(files, "a").keys().getPrivate());
        TestCa.Issued der = ca.issueRsa("d.example").write(files, "d");
        canaries.key(der.keys().getPrivate());
        Files.write(files.resolve("d.der"), der.keys().getPrivate().getEncoded());
        canaries.text(PASSPHRASE);
        canaries.text(CLUSTER_KEY);
        canaries.text(BACKUP_PASSPHRASE);
        Path copy = directory.resolve("copy.git");
        Git.init().setBare(true).setDirectory(copy.toFile()).call().close();
        Files.writeString(
                files.resolve("weir.yaml"),
                """
                global:
                  cluster-key: %s
                  backup: {remote: %s, passphrase: %s}
                virtual-servers:
                  secure:
                    listen: 127.0.0.1:0
                    pool: web
                    tls:
                      certificate: a.pem
                      key: a.key
                      ticket-keys: cluster
                      certificates:
                        - {certificate: d.pem, key: d.der, key-passphrase: %s}
                pools:
                  web:
                    nodes: ["%s"]
                """
                        .formatted(
                                CLUSTER_KEY, copy, BACKUP_PASSPHRASE, PASSPHRASE, node.address()));
        String file = files.resolve("weir.yaml").toString();
        all.command(0, "check", file);
        all.command(0, "import", file);
        Await.until("the copy", Duration.ofSeconds(60), () -> hasFiles(copy.resolve("refs/heads")));
        all.command(0, "cert", "show", files.resolve("a.key").toString());
    }

    private void byRest(Interfaces all) throws Exception {
        TestCa.Issued made = ca.issue("r.example");
        made.write(directory, "r");
        canaries.key(made.keys().getPrivate());
        String body =
                JSON.createObjectNode()
                        .put("certificate", Files.readString(directory.resolve("r.pem")))
                        .put("key", Files.readString(directory.resolve("r.key")))
                        .toString();
        assertThat(all.rest("POST", "/api/v1/certificates/rest", body)).isEqualTo(200);
    }

    private void bySoap(Interfaces all) throws Exception {
        TestCa.Issued made = ca.issue("s.example");
        made.write(directory, "s");
        canaries.key(made.keys().getPrivate());
        String files =
                "<p><i>soap</i></p><p><i><public_cert>"
                        + Files.readString(directory.resolve("s.pem"))
                        + "</public_cert><private_key>"
                        + Files.readString(directory.resolve("s.key"))
                        + "</private_key></i></p>";
        assertThat(all.soap("Catalog.SSL.Certificates", "importCertificate", files)).isEqualTo(200);
        assertThat(all.soap("System.Backups", "createBackup", "<p>b</p><p>all of it</p>"))
                .isEqualTo(200);
    }

    /** What people do wrong, with the key in the wrong place. */
    private void mistakes(Interfaces all) throws Exception {
        TestCa.Issued made = ca.issue("m.example");
        made.write(directory, "m");
        canaries.key(made.keys().getPrivate());
        String key = Files.readString(directory.resolve("m.key"));
        String strange = Files.readString(directory.resolve("r.pem"));
        String mismatch =
                JSON.createObjectNode().put("certificate", strange).put("key", key).toString();
        assertThat(all.rest("POST", "/api/v1/certificates/other", mismatch)).isEqualTo(422);
        String cut =
                JSON.createObjectNode()
                        .put("certificate", strange)
                        .put("key", key.replace("-----END", ""))
                        .toString();
        assertThat(all.rest("POST", "/api/v1/certificates/other", cut)).isEqualTo(422);
        String pasted =
                JSON.createObjectNode()
                        .put("listen", "127.0.0.1:0")
                        .put("pool", "web")
                        .set("tls", JSON.createObjectNode().put("certificate", key).put("key", key))
                        .toString();
        assertThat(all.rest("PUT", "/api/v1/config/virtual-servers/wrong", pasted)).isEqualTo(422);
        String indented = key.strip().replace("\n", "\n        ");
        for (String wrong :
                List.of(
                        "key: |\n        " + indented,
                        "key: " + key.replace("\n", "\n  "),
                        "key: \"" + key.strip() + "\"",
                        "profile: \"" + key.strip() + "\"",
                        "ciphers: [\"" + key.strip() + "\"]")) {
            Path file = directory.resolve("wrong.yaml");
            Files.writeString(
                    file,
                    "virtual-servers:\n  web:\n    listen: 127.0.0.1:0\n    pool: [127.0.0.1:1]\n"
                            + "    tls:\n      certificate: m.pem\n      "
                            + wrong
                            + "\n");
            all.command(1, "check", file.toString());
        }
        Path unfit = directory.resolve("r.pem");
        all.command(
                1,
                "cert",
                "show",
                unfit.toString(),
                "--key",
                directory.resolve("m.key").toString());
        assertThat(
                        all.soap(
                                "Catalog.SSL.Certificates",
                                "importCertificate",
                                "<p><i>x</i></p><p><i><public_cert>"
                                        + key
                                        + "</public_cert><private_key>"
                                        + strange
                                        + "</private_key></i></p>"))
                .isEqualTo(500);
    }

    /** Everything that there is to read. */
    private void everyQuestion(Interfaces all) throws Exception {
        Path out = Files.createDirectories(directory.resolve("w/exported"));
        all.command(0, "export");
        all.command(0, "export", out.toString());
        all.command(0, "history");
        all.command(0, "diff");
        all.command(0, "status", "-o", "json");
        all.command(0, "events");
        all.command(0, "connections");
        JsonNode api = all.restBody("/api/openapi.json");
        for (String path : api.get("paths").propertyNames()) {
            if (api.get("paths").get(path).has("get")
                    && !path.contains("{")
                    && !path.contains("stream")) {
                all.rest("GET", path, "");
            }
        }
        for (String file : all.files()) {
            all.rest("GET", "/api/v1/files/" + file.replace("/", "%2F"), "");
        }
        JsonNode config = all.restBody("/api/v1/config");
        for (String section : config.propertyNames()) {
            all.rest("GET", "/api/v1/config/" + section, "");
        }
        all.everyRevision();
        all.everyLog();
        all.modelTree("/api/tm");
        all.everySoapQuestion();
    }
}
