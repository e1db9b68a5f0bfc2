package io.weir.config.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads files within limits and keeps the list of them. Confined to the thread that loads. */
final class SourceFiles {

    /** Bytes of one configuration file. */
    static final int MAX_FILE = 4 << 20;

    /** Bytes of all configuration files together. */
    static final int MAX_TOTAL = 16 << 20;

    /** Bytes of one secrets file. */
    static final int MAX_SECRET = 64 << 10;

    /** Bytes of one rule. */
    static final int MAX_RULE = 1 << 20;

    private final Map<String, String> kept;
    private final Map<Path, String> configurationHashes = new LinkedHashMap<>();
    private final Map<Path, String> otherHashes = new LinkedHashMap<>();
    private long total;

    /**
     * @param kept texts that count as those of rules and address lists, by their paths
     */
    SourceFiles(Map<String, String> kept) {
        this.kept = kept;
    }

    /** The text of a configuration file, or null when it cannot be had, which is reported. */
    @Nullable String text(Path file, Place cause, Problems problems) {
        problems.reading(file);
        configurationHashes.put(file, "");
        byte[] bytes;
        try {
            bytes = bytes(file, MAX_FILE);
        } catch (IOException e) {
            problems.error(
                    cause,
                    "",
                    ProblemCode.FILE_UNREADABLE,
                    "the file " + file + " cannot be read: " + reason(e));
            return null;
        }
        configurationHashes.put(file, hash(bytes));
        total += bytes.length;
        if (bytes.length > MAX_FILE || total > MAX_TOTAL) {
            problems.error(
                    Place.whole(file),
                    "",
                    ProblemCode.TOO_LARGE,
                    bytes.length > MAX_FILE
                            ? "the file has more than " + MAX_FILE + " bytes"
                            : "the files up to here have more than " + MAX_TOTAL + " bytes");
            return null;
        }
        try {
            return decode(bytes, bytes.length);
        } catch (CharacterCodingException e) {
            problems.error(
                    firstBadByte(file, bytes),
                    "",
                    ProblemCode.NOT_TEXT,
                    "the file is not UTF-8 text from here on");
            return null;
        }
    }

    /** The text of a secrets file. */
    String secret(Path file) throws IOException {
        otherHashes.put(file, "");
        byte[] bytes = bytes(file, MAX_SECRET);
        if (bytes.length > MAX_SECRET) {
            throw new IOException("it has more than " + MAX_SECRET + " bytes");
        }
        otherHashes.put(file, hash(bytes));
        return decode(bytes, bytes.length);
    }

    /** Takes note of what stands in a file that others will read. */
    void other(Path file) {
        try {
            otherHashes.put(file, hash(bytes(file, MAX_FILE)));
        } catch (IOException e) {
            // The binder has said so.
            otherHashes.put(file, "");
        }
    }

    /** The text of a rule, or of an address list. */
    String rule(Path file) throws IOException {
        String text = kept.get(file.toString());
        if (text != null) {
            otherHashes.put(file, hash(text.getBytes(StandardCharsets.UTF_8)));
            return text;
        }
        otherHashes.put(file, "");
        byte[] bytes = bytes(file, MAX_RULE);
        if (bytes.length > MAX_RULE) {
            throw new IOException("it has more than " + MAX_RULE + " bytes");
        }
        otherHashes.put(file, hash(bytes));
        try {
            return decode(bytes, bytes.length);
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8 text", e);
        }
    }

    /** The bytes of a file that rules may read. */
    byte[] resource(Path file) throws IOException {
        otherHashes.put(file, "");
        byte[] bytes = bytes(file, MAX_FILE);
        if (bytes.length > MAX_FILE) {
            throw new IOException("it has more than " + MAX_FILE + " bytes");
        }
        otherHashes.put(file, hash(bytes));
        return bytes;
    }

    List<Loaded.SourceFile> list() {
        List<Loaded.SourceFile> all = new ArrayList<>();
        configurationHashes.forEach((path, hash) -> all.add(new Loaded.SourceFile(path, hash)));
        otherHashes.forEach((path, hash) -> all.add(new Loaded.SourceFile(path, hash)));
        return all;
    }

    /** Why a file could not be read, in words. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return String.valueOf(e.getMessage());
    }

    private static byte[] bytes(Path file, int limit) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(limit + 1);
        }
    }

    private static String decode(byte[] bytes, int length) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, 0, length))
                .toString();
    }

    private static Place firstBadByte(Path file, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        java.nio.CharBuffer out = java.nio.CharBuffer.allocate(bytes.length);
        StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        String good = out.flip().toString();
        int line = 1 + (int) good.chars().filter(c -> c == '\n').count();
        String lastLine = good.substring(good.lastIndexOf('\n') + 1);
        return new Place(file, line, lastLine.codePointCount(0, lastLine.length()) + 1);
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
