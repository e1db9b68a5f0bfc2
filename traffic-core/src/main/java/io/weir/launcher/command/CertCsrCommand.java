package io.weir.launcher.command;

import io.weir.cert.CertificateMaker;
import io.weir.cert.NewFiles;
import io.weir.cert.PemText;
import io.weir.cert.Subject;
import io.weir.config.Secret;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;

/** Makes a key and a request for a certificate that an authority is to sign. */
@Command(
        name = "csr",
        description =
                "Makes a key and a request that an authority can turn into a certificate: NAME.key"
                        + " and NAME.csr.",
        footer = {
            "",
            "Example:",
            "  weir cert csr --name a.example --san '*.a.example' --subject CN=a.example,O=Example"
        })
final class CertCsrCommand extends WeirCommand {

    @Mixin CertSubject subject = new CertSubject();
    @Mixin CertFiles files = new CertFiles();
    @Mixin Output output = new Output();

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Encrypts the new key with the first line of FILE.")
    @Nullable Path passphrase;

    CertCsrCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Subject named = subject.server();
        Secret secret = CertFiles.newPassphrase(passphrase);
        SecureRandom random = new SecureRandom();
        KeyPair keys = subject.keyKind().make(random);
        byte[] der =
                new CertificateMaker(random, Instant.now())
                        .request(keys.getPublic(), keys.getPrivate(), named);
        NewFiles written = files.begin();
        String name = CertFiles.fileName(subject.name);
        Path key = written.addSecret(name + ".key", PemText.key(keys.getPrivate(), secret, random));
        Path request = written.add(name + ".csr", PemText.request(der));
        CertFiles.write(written);
        if (!output.print(console, Json.object("key", key, "request", request))) {
            console.print("key:      " + key);
            console.print("request:  " + request);
            console.print("Send the request to an authority, and keep the key.");
        }
        return ExitCode.OK;
    }
}
