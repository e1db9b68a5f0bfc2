package io.weir.launcher.command;

import io.weir.cert.BadCertificateException;
import io.weir.cert.CertificateMaker;
import io.weir.cert.Identity;
import io.weir.cert.NewFiles;
import io.weir.cert.PemText;
import io.weir.cert.Subject;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Makes a key and a certificate for it. */
@Command(
        name = "create",
        description = "Makes a key and its certificate: NAME.key and NAME.pem.",
        footer = {
            "",
            "Examples:",
            "  weir cert create --name a.example --san '*.a.example' --days 90",
            "  weir cert create --authority --name MyCA --out ca",
            "  weir cert create --name a.example --sign-with ca/MyCA.pem"
        })
final class CertCreateCommand extends WeirCommand {

    private static final int LONGEST = 36500;

    @Mixin CertSubject subject = new CertSubject();
    @Mixin CertFiles files = new CertFiles();
    @Mixin Output output = new Output();

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "How long it is valid. Default: 365; 3650 for an authority.")
    @Nullable Integer days;

    @Option(names = "--authority", description = "Makes an authority that can sign others.")
    boolean authority;

    @Option(
            names = "--sign-with",
            paramLabel = "CA",
            description = "The certificate of the authority that signs it. Default: its own key.")
    @Nullable Path signWith;

    @Option(
            names = "--sign-key",
            paramLabel = "FILE",
            description = "The authority's key. Default: beside CA, ending in .key.")
    @Nullable Path signKey;

    @Option(
            names = "--sign-passphrase-file",
            paramLabel = "FILE",
            description = "Its first line opens the authority's key.")
    @Nullable Path signPassphrase;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Encrypts the new key with the first line of FILE.")
    @Nullable Path passphrase;

    CertCreateCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Subject named = authority ? subject.authority() : subject.server();
        Duration validity = validity();
        Secret secret = CertFiles.newPassphrase(passphrase);
        Identity signer = signer();
        SecureRandom random = new SecureRandom();
        KeyPair keys = subject.keyKind().make(random);
        CertificateMaker maker = new CertificateMaker(random, Instant.now());
        List<X509Certificate> chain = make(maker, keys, named, validity, signer);
        NewFiles written = files.begin();
        String name = CertFiles.fileName(subject.name);
        Path key = written.addSecret(name + ".key", PemText.key(keys.getPrivate(), secret, random));
        Path certificate = written.add(name + ".pem", PemText.certificates(chain));
        CertFiles.write(written);
        CertPrint.made(console, output, key, certificate, chain.getFirst());
        return ExitCode.OK;
    }

    private List<X509Certificate> make(
            CertificateMaker maker,
            KeyPair keys,
            Subject named,
            Duration validity,
            @Nullable Identity signer)
            throws CommandFailedException {
        if (authority) {
            return List.of(maker.authority(keys, named, validity));
        }
        if (signer == null) {
            return List.of(maker.selfSigned(keys, named, validity));
        }
        try {
            return maker.signed(signer, keys.getPublic(), named, validity);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.REFUSED, signWith + ": " + e.getMessage());
        }
    }

    private Duration validity() throws CommandFailedException {
        int asked = days != null ? days : authority ? 3650 : 365;
        if (asked < 1 || asked > LONGEST) {
            throw new CommandFailedException(
                    ExitCode.USAGE, "the days are " + asked + ", expected 1 to " + LONGEST);
        }
        return Duration.ofDays(asked);
    }

    private @Nullable Identity signer() throws CommandFailedException {
        if (signWith == null) {
            if (signKey != null || signPassphrase != null) {
                throw new CommandFailedException(
                        ExitCode.USAGE, "the authority is missing, expected --sign-with CA");
            }
            return null;
        }
        if (authority) {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    "an authority signs itself, expected --authority or --sign-with, not both");
        }
        Path key = signKey;
        if (key == null) {
            String file = String.valueOf(signWith.getFileName());
            key = signWith.resolveSibling(file.replaceFirst("\\.[^.]*$", "") + ".key");
        }
        try {
            return Identity.load(signWith, key, CertFiles.passphrase(signPassphrase));
        } catch (BadCertificateException e) {
            throw CertPrint.refused(e);
        }
    }
}
