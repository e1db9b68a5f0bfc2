package io.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The {@code openssl} of the machine, at work in one directory: the other opinion. */
public final class OpenSsl {

    private final Path directory;

    public OpenSsl(Path directory) {
        this.directory = directory;
    }

    /** Whether there is one; without it there is no second opinion to be had. */
    public static boolean isThere() {
        try {
            Process process =
                    new ProcessBuilder("openssl", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs {@code openssl} with these words and answers what it printed; it must succeed. */
    public String run(String words) {
        List<String> command = List.of(("openssl " + words).split(" "));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("openssl %s: %s", words, printed).isZero();
            return printed;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Joins files to a new one. */
    public Path join(String name, String... parts) {
        StringBuilder all = new StringBuilder();
        try {
            for (String part : parts) {
                all.append(Files.readString(file(part)));
            }
            return Files.writeString(file(name), all);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A root, an authority in between and a certificate for {@code *.a.example}. */
    public OpenSsl chain() {
        authority("root", "RSA -pkeyopt rsa_keygen_bits:2048");
        key("middle", "EC -pkeyopt ec_paramgen_curve:P-384");
        signed("middle", "root", "basicConstraints=critical,CA:TRUE");
        key("leaf", "EC -pkeyopt ec_paramgen_curve:P-256");
        signed("leaf", "middle", "subjectAltName=DNS:*.A.example,DNS:a.example");
        join("chain.pem", "leaf.pem", "middle.pem");
        return this;
    }

    public void key(String name, String algorithm) {
        run("genpkey -algorithm " + algorithm + " -out " + name + ".key");
    }

    public void authority(String name, String algorithm) {
        key(name, algorithm);
        run(
                "req -x509 -new -key "
                        + name
                        + ".key -subj /CN="
                        + name
                        + " -days 400 -out "
                        + name
                        + ".pem");
    }

    /** A certificate that {@code issuer} signs, with one extension; key {@code name} is there. */
    public void signed(String name, String issuer, String extension) {
        signed(name, issuer, extension, "-sha256 -days 200");
    }

    public void signed(String name, String issuer, String extension, String options) {
        try {
            Files.writeString(file("extension"), extension + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        run("req -new -key " + name + ".key -subj /CN=" + name + " -out " + name + ".csr");
        run(
                "x509 -req -in "
                        + name
                        + ".csr -CA "
                        + issuer
                        + ".pem -CAkey "
                        + issuer
                        + ".key -CAcreateserial -extfile extension "
                        + options
                        + " -out "
                        + name
                        + ".pem");
    }
}
