package io.weir.launcher.command;

import io.weir.cert.BadCertificateException;
import io.weir.cert.CertificateCheck;
import io.weir.cert.Finding;
import io.weir.cert.Shown;
import io.weir.config.Secret;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Shows what is in a file of certificates. */
@Command(
        name = "show",
        description = {
            "Shows certificates, requests, revocation lists and the types of keys in a file.",
            "With --key it also says whether a server can use both together."
        },
        footer = {
            "",
            "Examples:",
            "  weir cert show a.example.pem",
            "  weir cert show a.example.pem --key a.example.key -o json"
        })
final class CertShowCommand extends WeirCommand {

    @Parameters(paramLabel = "FILE", description = "PEM, DER or PKCS#12.")
    Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The key of the certificates; checks that all fit together.")
    @Nullable Path key;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Its first line opens PKCS#12 or the key.")
    @Nullable Path passphrase;

    @Mixin Output output = new Output();

    CertShowCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws CommandFailedException {
        Secret secret = CertFiles.passphrase(passphrase);
        Instant now = Instant.now();
        List<Shown> shown;
        try {
            shown = Shown.read(file, secret);
        } catch (BadCertificateException e) {
            throw CertPrint.refused(e);
        }
        List<Finding> findings =
                key == null ? List.of() : CertificateCheck.check(file, key, secret, now);
        if (!output.print(
                console,
                Json.object(
                        "file", file,
                        "contents", shown.stream().map(CertPrint::document).toList(),
                        "findings", findings.stream().map(CertPrint::document).toList()))) {
            String between = null;
            for (Shown each : shown) {
                if (between != null) {
                    console.print(between);
                }
                between = "";
                CertPrint.lines(each, now).forEach(console::print);
            }
            findings.forEach(each -> console.print(CertPrint.line(each)));
        }
        return findings.stream().anyMatch(Finding::isError) ? ExitCode.REFUSED : ExitCode.OK;
    }
}
