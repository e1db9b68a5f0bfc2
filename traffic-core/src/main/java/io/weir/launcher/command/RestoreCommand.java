package io.weir.launcher.command;

import io.weir.config.BackupConfig;
import io.weir.config.Secret;
import io.weir.control.managed.Restore;
import io.weir.control.store.Directories;
import io.weir.control.store.DirectoryLock;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Makes a managed store out of the copy that was kept elsewhere. */
@Command(
        name = "restore",
        description = {
            "Makes the managed store anew from a copy that was kept elsewhere.",
            "There must be no store yet, and no Weir may run there. Start it afterwards with weir"
                    + " run."
        },
        footer = {
            "",
            "Example:",
            "  weir restore https://git.example.com/weir.git --user weir --password-file token"
                    + " --passphrase-file passphrase"
        })
final class RestoreCommand extends WeirCommand {

    @Parameters(paramLabel = "REMOTE", description = "The git repository: a path, or a URL.")
    String remote = "";

    @Option(names = "--user", paramLabel = "NAME", description = "The user at an HTTPS remote.")
    @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password or token of that user.")
    @Nullable Path passwordFile;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "A file with the passphrase that opens the secrets.")
    @Nullable Path passphraseFile;

    @Mixin ServerOptions server = new ServerOptions();

    RestoreCommand(Console console) {
        super(console);
    }

    @Override
    boolean takes(java.util.List<String> words) {
        return false;
    }

    @Override
    public Integer call() throws CommandFailedException {
        Directories directories = server.directories(console);
        BackupConfig copy =
                new BackupConfig(remote, user, secret(passwordFile), secret(passphraseFile));
        try {
            directories.create();
            try (DirectoryLock _ = DirectoryLock.claim(directories.state())) {
                Restore.Restored restored =
                        Restore.from(
                                copy, directories.state().resolve("store"), new SecureRandom());
                console.print(
                        "revision "
                                + restored.revision()
                                + " is restored; start it with: weir run"
                                + server.instance.words());
                if (!restored.missingSecrets().isEmpty()) {
                    console.complain(
                            "the copy lacks the secrets "
                                    + String.join(", ", restored.missingSecrets())
                                    + "; put them into "
                                    + directories.state().resolve("store/secrets"));
                    return ExitCode.PARTIAL;
                }
                return ExitCode.OK;
            }
        } catch (DirectoryLock.BusyException e) {
            throw new CommandFailedException(ExitCode.CONFLICT, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED, "nothing is restored: " + e.getMessage());
        }
    }

    private static @Nullable Secret secret(@Nullable Path file) throws CommandFailedException {
        if (file == null) {
            return null;
        }
        try {
            return new Secret(Files.readString(file).stripTrailing());
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.USAGE, "the file " + file + " cannot be read: " + e);
        }
    }
}
