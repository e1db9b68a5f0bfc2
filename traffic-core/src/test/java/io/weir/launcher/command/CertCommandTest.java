package io.weir.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cert.Identity;
import io.weir.config.Secret;
import io.weir.control.store.Directories;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class CertCommandTest {

    private static final String PASSPHRASE = "correct horse battery staple";

    @TempDir Path home;

    /** All that was printed. */
    private final List<String> printed = new ArrayList<>();

    @Test
    void makesAKeyOfItsOwnerAloneAndACertificateForEveryName() throws Exception {
        Answer answer = create("--name", "a.example", "--san", "*.a.example", "--san", "127.0.0.1");
        assertThat(answer.code()).isZero();
        assertThat(answer.out())
                .contains("key:          " + file("a.example.key"))
                .contains("names:        a.example, *.a.example, 127.0.0.1")
                .contains("issuer:       itself")
                .contains("key:          EC P-256")
                .containsPattern("valid until:  20.*, in 365 days\n");
        assertThat(mode("a.example.key")).isEqualTo("rw-------");
        assertThat(mode("a.example.pem")).isEqualTo("rw-r--r--");
        assertThat(identity("a.example", null).hostNames())
                .containsExactly("a.example", "*.a.example");
        assertThat(show("a.example.pem", "--key", file("a.example.key").toString()).out())
                .doesNotContain("warning", "error");
    }

    @Test
    void replacesNothingWithoutForce() throws Exception {
        create("--name", "a.example");
        String key = Files.readString(file("a.example.key"));
        String certificate = Files.readString(file("a.example.pem"));
        Files.delete(file("a.example.key"));
        Answer refused = create("--name", "a.example");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .isEqualTo(
                        "weir: "
                                + file("a.example.pem")
                                + " is there already, expected no such file; --force replaces"
                                + " it\n");
        assertThat(file("a.example.key")).doesNotExist();
        assertThat(file("a.example.pem")).hasContent(certificate);

        Files.writeString(file("a.example.key"), key);
        Files.setPosixFilePermissions(
                file("a.example.key"), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(create("--name", "a.example", "--force").code()).isZero();
        assertThat(Files.readString(file("a.example.key"))).isNotEqualTo(key);
        assertThat(mode("a.example.key")).isEqualTo("rw-------");
        identity("a.example", null);
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void leavesNothingWhenAFileCannotBeWritten() throws Exception {
        Files.createDirectory(file("a.example.pem.new"));
        Files.createFile(file("a.example.pem.new").resolve("in-the-way"));
        Answer answer = create("--name", "a.example", "--force");
        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.err()).startsWith("weir: the files cannot be written").hasLineCount(1);
        assertThat(file("a.example.key")).doesNotExist();
        assertThat(file("a.example.key.new")).doesNotExist();
    }

    @Test
    void signsWithAnAuthorityThatItMade() throws Exception {
        Files.writeString(file("secret"), PASSPHRASE + "\nsecond line\n");
        String secret = file("secret").toString();
        create("--authority", "--name", "My CA", "--key-type", "rsa", "--passphrase-file", secret);
        String authority = file("My_CA.pem").toString();
        Answer signed =
                create(
                        "--name",
                        "*.b.example",
                        "--sign-with",
                        authority,
                        "--sign-passphrase-file",
                        secret);
        assertThat(signed.err()).isEmpty();
        assertThat(signed.out()).contains("issuer:       CN=My CA").contains("SHA256withRSA");
        identity("wildcard.b.example", null)
                .certificate()
                .verify(identity("My_CA", new Secret(PASSPHRASE)).certificate().getPublicKey());

        Answer locked = create("--name", "c.example", "--sign-with", authority);
        assertThat(locked.code()).isEqualTo(1);
        assertThat(locked.err()).contains("is encrypted and there is no pass phrase");
        Answer leaf =
                create(
                        "--name",
                        "c.example",
                        "--sign-with",
                        file("wildcard.b.example.pem").toString());
        assertThat(leaf.err()).contains("'CN=*.b.example' is not the certificate of an authority");
        assertThat(file("c.example.key")).doesNotExist();
    }

    @Test
    void makesARequest() {
        Answer answer = weir("cert", "csr", "--name", "a.example", "--out", home.toString());
        assertThat(answer.code()).isZero();
        assertThat(answer.out()).contains("request:  " + file("a.example.csr"));
        assertThat(show("a.example.csr").out())
                .isEqualTo(
                        """
                        request for:  CN=a.example
                        names:        a.example
                        key:          EC P-256
                        """);
        assertThat(show("a.example.key").out()).isEqualTo("private key:  EC P-256\n");
    }

    @Test
    void importsWhatWasExported() throws Exception {
        create("--name", "a.example");
        Files.writeString(
                file("all.pem"),
                Files.readString(file("a.example.pem")) + Files.readString(file("a.example.key")));
        Files.writeString(file("secret"), PASSPHRASE);
        Answer answer =
                weir(
                        "cert",
                        "import",
                        file("all.pem").toString(),
                        "--name",
                        "b",
                        "--new-passphrase-file",
                        file("secret").toString(),
                        "--out",
                        home.toString());
        assertThat(answer.err()).isEmpty();
        assertThat(identity("b", new Secret(PASSPHRASE))).isEqualTo(identity("a.example", null));
        assertThat(mode("b.key")).isEqualTo("rw-------");
        assertThat(weir("cert", "import", file("b.pem").toString(), "--out", home.toString()).err())
                .isEqualTo(
                        "weir: " + file("b.pem") + ": found CERTIFICATE, expected a private key\n");
    }

    @Test
    void showsToProgramsAndSaysWhetherTheKeyFits() {
        create("--name", "a.example");
        create("--name", "b.example");
        Answer answer =
                show("a.example.pem", "--key", file("b.example.key").toString(), "-o", "json");
        assertThat(answer.code()).isEqualTo(1);
        assertThat(Json.readObject(answer.out().strip()))
                .containsEntry("file", file("a.example.pem").toString())
                .hasEntrySatisfying(
                        "findings",
                        findings ->
                                assertThat(findings.toString())
                                        .contains("severity=error", "kind=key-mismatch"))
                .hasEntrySatisfying(
                        "contents",
                        contents ->
                                assertThat(contents.toString())
                                        .contains("hosts=[a.example]", "authority=false"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cert | what to do is missing, expected: weir cert create, csr, import or show",
                "cert create | Missing required option: '--name=NAME'; see weir cert create --help",
                "cert create --name a_b..c | the name is 'a_b..c', expected a host name",
                "cert create --name a --key-type dsa | the key type is 'dsa', expected ec",
                "cert create --name a --days 0 | the days are 0, expected 1 to 36500",
                "cert create --name a --subject x | the subject is 'x', expected such as CN=",
                "cert create --name a --sign-key k | expected --sign-with",
                "cert create --name a --authority --sign-with c | not both",
                "cert create --name a --authority --san b | expected --name alone",
                "cert shwo | Unmatched argument at index 1: 'shwo'; did you mean show?",
            })
    void saysInOneLineWhatIsWrongWithTheWords(String words, String message) {
        Answer answer = weir(words.split(" "));
        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).startsWith("weir: ").contains(message).hasLineCount(1);
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void cannotSteerTheTerminalFromACertificate() {
        Answer made = create("--name", "a.example", "--subject", "CN=\"a\u001b[2J\",O=\u202egnp");
        Answer shown = show("a.example.pem");
        Answer json = show("a.example.pem", "-o", "json");
        for (Answer answer : List.of(made, shown, json)) {
            assertThat(answer.code()).isZero();
            assertThat(answer.out()).contains("[2J").doesNotContain("\u001b", "\u202e");
        }
    }

    /** Every command, well used and badly, with and without pass phrases: none of it leaks. */
    @Test
    void neverPrintsAKeyOrAPassphrase() throws Exception {
        Files.writeString(file("secret"), PASSPHRASE);
        Files.writeString(file("wrong"), "another " + PASSPHRASE);
        String out = home.toString();
        String secret = file("secret").toString();
        String wrong = file("wrong").toString();
        List<String> keys = new ArrayList<>();
        for (String type : List.of("ec", "rsa")) {
            for (String format : List.of("table", "json", "yaml")) {
                String name = type + "." + format;
                create("--name", name, "--key-type", type, "-o", format);
                create("--name", name, "--key-type", type, "-o", format);
                keys.add(name);
                String locked = name + ".locked";
                create(
                        "--name",
                        locked,
                        "--key-type",
                        type,
                        "--passphrase-file",
                        secret,
                        "-o",
                        format);
                String key = file(name + ".key").toString();
                show(name + ".pem", "--key", key, "-o", format);
                show(name + ".key", "-o", format);
                show(locked + ".key", "-o", format);
                show(locked + ".key", "-o", format, "--passphrase-file", secret);
                show(locked + ".key", "-o", format, "--passphrase-file", wrong);
                show(locked + ".pem", "--key", key, "-o", format);
                Path damaged = file(name + ".damaged");
                Files.writeString(
                        damaged, Files.readString(Path.of(key)).replaceAll("(?m)^M....", "!!!!!"));
                show(name + ".damaged", "-o", format);
                weir("cert", "import", damaged.toString(), "--out", out);
                weir(
                        "cert",
                        "import",
                        file(name + ".pem").toString(),
                        "--key",
                        key,
                        "--name",
                        "x",
                        "--force",
                        "--out",
                        out,
                        "-o",
                        format);
                weir("cert", "create", "--name", "y", "--sign-with", key, "--sign-key", key);
                weir("check", key);
                weir("cert", "create", "--name", key, "--passphrase-file", key);
            }
        }
        String all = String.join("\n", printed);
        assertThat(all).contains("private key", "does not open the key").doesNotContain(PASSPHRASE);
        for (String name : keys) {
            byte[] der = identity(name, null).privateKey().getEncoded();
            String base64 = Base64.getEncoder().encodeToString(der);
            // The first octets say only what it is; every other piece is the key.
            for (int i = 60; i + 16 <= base64.length(); i += 8) {
                assertThat(all).doesNotContain(base64.substring(i, i + 16));
            }
            String hex = HexFormat.of().formatHex(der);
            for (int i = 60; i + 16 <= hex.length(); i += 8) {
                assertThat(all).doesNotContainIgnoringCase(hex.substring(i, i + 16));
            }
        }
    }

    private Answer create(String... words) {
        return weir(
                Stream.concat(
                                Stream.of("cert", "create", "--out", home.toString()),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    private Answer show(String name, String... words) {
        return weir(
                Stream.concat(Stream.of("cert", "show", file(name).toString()), Stream.of(words))
                        .toArray(String[]::new));
    }

    private Identity identity(String name, @Nullable Secret passphrase) throws Exception {
        return Identity.load(file(name + ".pem"), file(name + ".key"), passphrase);
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name)));
    }

    private Path file(String name) {
        return home.resolve(name);
    }

    private Answer weir(String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console =
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new Directories.Machine(home, Map.of(), home, 1),
                        directories -> {
                            throw new IllegalStateException("serves nothing");
                        },
                        () -> {});
        int code = CommandTree.execute(console, words);
        Answer answer =
                new Answer(
                        code,
                        out.toString(StandardCharsets.UTF_8),
                        err.toString(StandardCharsets.UTF_8));
        printed.add(answer.out());
        printed.add(answer.err());
        return answer;
    }

    private record Answer(int code, String out, String err) {}
}
