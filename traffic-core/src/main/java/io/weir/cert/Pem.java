package io.weir.cert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM file (RFC 7468). What stands outside of blocks is ignored, as everywhere.
 *
 * @param file it was read from
 * @param blocks in their order
 */
record Pem(Path file, List<Block> blocks) {

    /** Much more than any bundle of authorities; revocation lists can be this long. */
    private static final int LONGEST = 64 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** The first octet of everything that is DER here: the tag of a sequence. */
    private static final int SEQUENCE = 0x30;

    Pem {
        blocks = List.copyOf(blocks);
    }

    /**
     * One block, which may hold a key: its text form shows only where and what it is.
     *
     * @param type between BEGIN and the dashes
     * @param line from 1, of its BEGIN
     * @param body the lines between BEGIN and END
     */
    record Block(String type, int line, List<String> body) {

        Block {
            body = List.copyOf(body);
        }

        /** Whether it is a key that needs a pass phrase; old forms say so in a header field. */
        boolean isEncrypted() {
            return type.equals("ENCRYPTED PRIVATE KEY")
                    || body.stream().anyMatch(line -> line.matches("Proc-Type:.*ENCRYPTED"));
        }

        /** The block as it stood in the file. */
        String text() {
            return BEGIN
                    + type
                    + DASHES
                    + "\n"
                    + String.join("\n", body)
                    + "\n"
                    + END
                    + type
                    + DASHES
                    + "\n";
        }

        @Override
        public String toString() {
            return type + " in line " + line;
        }
    }

    /**
     * Reads a PEM file.
     *
     * @param expected what should be in it, for the message when it is not PEM at all
     */
    static Pem read(Path file, String expected) throws BadCertificateException {
        return parse(file, bytes(file), expected);
    }

    static Pem parse(Path file, byte[] bytes, String expected) throws BadCertificateException {
        List<Block> blocks = new ArrayList<>();
        String type = "";
        int begin = 0;
        List<String> body = new ArrayList<>();
        int number = 0;
        // Latin-1 takes every octet; all that matters is ASCII.
        for (String raw : new String(bytes, StandardCharsets.ISO_8859_1).lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                if (begin > 0) {
                    throw cut(file, type, begin);
                }
                type = label(line, BEGIN);
                begin = number;
                body.clear();
            } else if (line.startsWith(END) && begin > 0) {
                if (!label(line, END).equals(type)) {
                    throw cut(file, type, begin);
                }
                blocks.add(new Block(type, begin, body));
                begin = 0;
            } else if (begin > 0 && !line.isEmpty()) {
                body.add(line);
            }
        }
        if (begin > 0) {
            throw cut(file, type, begin);
        }
        if (blocks.isEmpty()) {
            throw bad(file, "there is no PEM block in it, expected " + expected);
        }
        return new Pem(file, blocks);
    }

    private static String label(String line, String start) {
        int end = line.lastIndexOf(DASHES);
        return end < start.length() ? "" : line.substring(start.length(), end);
    }

    /** The octets of a block without header fields. */
    byte[] der(Block block) throws BadCertificateException {
        try {
            return Base64.getDecoder().decode(String.join("", block.body));
        } catch (IllegalArgumentException e) {
            // The message of the exception would show a character of what may be a key.
            throw bad(file, "the block " + block + " is not Base64 text; was the file damaged?");
        }
    }

    /** The kinds of blocks there are, for messages. */
    String types() {
        return String.join(", ", blocks.stream().map(Block::type).distinct().toList());
    }

    /** All octets of a file of a sane size. */
    static byte[] bytes(Path file) throws BadCertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw bad(file, "the file is longer than " + LONGEST + " octets");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw bad(file, "there is no such file");
        } catch (IOException e) {
            throw bad(file, "the file cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** Whether these octets can be DER, and so are no PEM text. */
    static boolean isDer(byte[] bytes) {
        return bytes.length > 1 && bytes[0] == SEQUENCE;
    }

    private static BadCertificateException cut(Path file, String type, int line) {
        return bad(
                file,
                "the block "
                        + type
                        + " in line "
                        + line
                        + " has no matching END line; was the file cut short?");
    }

    static BadCertificateException bad(Path file, String message) {
        return new BadCertificateException(new Finding(Finding.Kind.UNREADABLE, file, message));
    }
}
