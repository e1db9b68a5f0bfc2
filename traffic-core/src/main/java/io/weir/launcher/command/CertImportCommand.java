package io.weir.launcher.command;

import io.weir.cert.BadCertificateException;
import io.weir.cert.Identity;
import io.weir.cert.Import;
import io.weir.cert.NewFiles;
import io.weir.cert.PemText;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.security.SecureRandom;

/** Takes over a key and its certificates in other forms. */
@Command(
        name = "import",
        description = {
            "Takes over a key and its certificates, from PKCS#12 or PEM: NAME.key and NAME.pem.",
            "The certificates are put in order, and nothing is written unless they fit the key."
        },
        footer = {
            "",
            "Examples:",
            "  weir cert import a.p12 --passphrase-file secret",
            "  weir cert import bundle.crt --key old.key --name a.example"
        })
final class CertImportCommand extends WeirCommand {

    @Parameters(paramLabel = "FILE", description = "PKCS#12, or PEM certificates in any order.")
    Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The key of PEM certificates. Default: it stands among them.")
    @Nullable Path key;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name of the new files. Default: the first name in the certificate.")
    @Nullable String name;

    @Option(
            names = "--alias",
            paramLabel = "NAME",
            description = "Which key, when there are several in PKCS#12.")
    @Nullable String alias;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Its first line opens the file or the key.")
    @Nullable Path passphrase;

    @Option(
            names = "--new-passphrase-file",
            paramLabel = "FILE",
            description = "Encrypts the new key with the first line of FILE.")
    @Nullable Path newPassphrase;

    @Mixin CertFiles files = new CertFiles();
    @Mixin Output output = new Output();

    CertImportCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Secret secret = CertFiles.newPassphrase(newPassphrase);
        Identity identity;
        try {
            identity = Import.read("", file, key, CertFiles.passphrase(passphrase), alias);
        } catch (BadCertificateException e) {
            throw CertPrint.refused(e);
        }
        NewFiles written = files.begin();
        String named = CertFiles.fileName(name(identity));
        Path newKey =
                written.addSecret(
                        named + ".key",
                        PemText.key(identity.privateKey(), secret, new SecureRandom()));
        Path certificate = written.add(named + ".pem", PemText.certificates(identity.chain()));
        CertFiles.write(written);
        CertPrint.made(console, output, newKey, certificate, identity.certificate());
        return ExitCode.OK;
    }

    private String name(Identity identity) {
        if (name != null) {
            return name;
        }
        return identity.hostNames().isEmpty()
                ? String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "")
                : identity.hostNames().getFirst();
    }
}
