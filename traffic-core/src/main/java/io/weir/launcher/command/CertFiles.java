package io.weir.launcher.command;

import io.weir.cert.NewFiles;
import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The options that say where new keys and certificates are written. */
final class CertFiles {

    private static final int LONGEST_PASSPHRASE = 4096;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The directory for the files. Default: the present one.")
    Path out = Path.of("");

    @Option(names = "--force", description = "Replaces files that are there.")
    boolean force;

    NewFiles begin() {
        return new NewFiles(out, force);
    }

    static void write(NewFiles files) throws CommandFailedException {
        try {
            files.write();
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    e.getFile() + " is there already, expected no such file; --force replaces it");
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.REFUSED, "the files cannot be written: " + e);
        }
    }

    /** A name for files out of the name of what is in them. */
    static String fileName(String name) {
        String plain = name.replace("*", "wildcard").replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.startsWith(".") ? "_" + plain : plain;
    }

    /**
     * The pass phrase in the first line of {@code file}; null when there is no file. It is never
     * taken from the command line, where others could see it.
     */
    static @Nullable Secret passphrase(@Nullable Path file) throws CommandFailedException {
        if (file == null) {
            return null;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_PASSPHRASE);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return new Secret(text.lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "the pass phrase cannot be read from "
                            + file
                            + ": "
                            + e.getClass().getSimpleName());
        }
    }

    /** The pass phrase for a new key, which must not be empty. */
    static @Nullable Secret newPassphrase(@Nullable Path file) throws CommandFailedException {
        Secret secret = passphrase(file);
        if (secret != null && secret.reveal().isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.REFUSED,
                    "the first line of " + file + " is empty, expected a pass phrase");
        }
        return secret;
    }
}
