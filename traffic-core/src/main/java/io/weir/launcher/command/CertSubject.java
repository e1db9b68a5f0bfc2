package io.weir.launcher.command;

import io.weir.cert.KeyKind;
import io.weir.cert.Subject;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/** The options that say who a new certificate is for, and with what kind of key. */
final class CertSubject {

    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "The host name, wildcard name or address that it is for.")
    String name = "";

    @Option(
            names = "--san",
            paramLabel = "NAME",
            description = "One more of them; can be given more than once.")
    List<String> more = new ArrayList<>();

    @Option(
            names = "--subject",
            paramLabel = "DN",
            description = "The whole subject, such as CN=a.example,O=Example. Default: CN=NAME.")
    @Nullable String distinguishedName;

    @Option(
            names = "--key-type",
            paramLabel = "TYPE",
            description =
                    "One of ec (ec-p256), ec-p384, rsa (rsa-2048), rsa-3072 and rsa-4096. Default:"
                            + " ec.")
    String keyType = "ec";

    /** A subject for a server. */
    Subject server() throws CommandFailedException {
        List<String> names = new ArrayList<>();
        names.add(name);
        names.addAll(more);
        try {
            return complete(Subject.server(names));
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** A subject for an authority, whose name is any text. */
    Subject authority() throws CommandFailedException {
        if (!more.isEmpty()) {
            throw new CommandFailedException(
                    ExitCode.USAGE, "an authority has no --san, expected --name alone");
        }
        try {
            return complete(Subject.named(name));
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Subject complete(Subject subject) {
        return distinguishedName == null
                ? subject
                : subject.withDistinguishedName(distinguishedName);
    }

    KeyKind keyKind() throws CommandFailedException {
        return switch (keyType) {
            case "ec" -> KeyKind.EC_P256;
            case "rsa" -> KeyKind.RSA_2048;
            default -> {
                for (KeyKind kind : KeyKind.values()) {
                    if (kind.keyword().equals(keyType)) {
                        yield kind;
                    }
                }
                throw new CommandFailedException(
                        ExitCode.USAGE,
                        "the key type is '"
                                + keyType
                                + "', expected ec, ec-p384, rsa, rsa-3072 or rsa-4096");
            }
        };
    }
}
