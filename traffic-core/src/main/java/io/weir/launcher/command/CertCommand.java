package io.weir.launcher.command;

import picocli.CommandLine.Command;

import java.util.List;

/** Makes, takes over and shows certificates. */
@Command(
        name = "cert",
        description =
                "Makes, takes over and shows keys and certificates; no running Weir is needed.",
        footer = {
            "",
            "Examples:",
            "  weir cert create --name a.example --san '*.a.example'",
            "  weir cert csr --name a.example --key-type rsa",
            "  weir cert import a.p12 --passphrase-file secret",
            "  weir cert show a.example.pem"
        })
final class CertCommand extends WeirCommand {

    CertCommand(Console console) {
        super(console);
    }

    @Override
    List<WeirCommand> subcommands() {
        return List.of(
                new CertCreateCommand(console),
                new CertCsrCommand(console),
                new CertImportCommand(console),
                new CertShowCommand(console));
    }

    @Override
    public Integer call() throws CommandFailedException {
        throw new CommandFailedException(
                ExitCode.USAGE,
                "what to do is missing, expected: weir cert create, csr, import or show; see weir"
                        + " cert --help");
    }
}
