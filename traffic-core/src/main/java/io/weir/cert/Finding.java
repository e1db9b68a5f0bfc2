package io.weir.cert;

import java.nio.file.Path;

/**
 * Something wrong, or doubtful, about a file with certificates or a key.
 *
 * @param file it was found in, as it was named
 * @param message names the subject, what was found and what was expected; never shows key material
 *     and does not repeat the file
 */
public record Finding(Kind kind, Path file, String message) {

    /** What can be wrong. */
    public enum Kind {
        /** A file cannot be read, or has not what is expected in it. */
        UNREADABLE(true),
        /** The pass phrase is missing or does not open the key. */
        PASSPHRASE(true),
        /** The key is not the one in the certificate. */
        KEY_MISMATCH(true),
        /** The key is of a type, curve or length that is not safe or not known. */
        WEAK_KEY(true),
        /** A signature uses a hash that can be forged. */
        WEAK_SIGNATURE(true),
        /** The certificates are not in the order from the server's own towards the root. */
        CHAIN_ORDER(true),
        /** A certificate between two others is missing. */
        CHAIN_GAP(true),
        /** A certificate is not signed by the one that follows it, or that one is no authority. */
        CHAIN_BROKEN(true),
        /** The certificates of the authorities in between seem to be missing. */
        CHAIN_INCOMPLETE(false),
        /** A certificate has expired. */
        EXPIRED(false),
        /** A certificate expires within {@link CertificateCheck#SOON}. */
        EXPIRES_SOON(false),
        /** A certificate is not valid yet. */
        NOT_YET_VALID(false),
        /** A revocation list should have been replaced by a newer one. */
        OUT_OF_DATE(false),
        /** Other users of the machine can read the key. */
        KEY_EXPOSED(false);

        private final boolean error;

        Kind(boolean error) {
            this.error = error;
        }
    }

    /** Whether the file cannot be used because of it. */
    public boolean isError() {
        return kind.error;
    }

    /** One line for people: {@code web.pem: the chain …}. */
    @Override
    public String toString() {
        return file + ": " + message;
    }
}
