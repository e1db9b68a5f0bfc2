package io.weir.control;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * Notices that the configuration on disk has become another one, by content: editors that replace
 * files, symbolic links that are switched over and mounted volumes all look the same to it. A
 * change is acted on once it has stood still between two looks. Confined to one thread.
 */
public final class FileWatch {

    /** Files beyond this are not configuration; they are seen by size and time only. */
    private static final long MAX_BYTES = 16 << 20;

    private final Control control;
    private List<Path> watched = List.of();
    private @Nullable String acted;
    private @Nullable String seen;
    private boolean settling;

    public FileWatch(Control control) {
        this.control = control;
    }

    /**
     * Whether the latest look has seen a change that may still go on, so that the next one should
     * come soon.
     */
    public boolean isSettling() {
        return settling;
    }

    /**
     * Looks once, and reloads if there is something new that has settled. To be called about twice
     * a second, so that a change is in force within one. A refusal has been reported by {@link
     * Control} and is not repeated.
     */
    public void look() {
        if (!control.watched().equals(watched)) {
            // Nothing is known yet of what stands in these files: the first settled look has them
            // read, so that no change before it is missed. Content already tried costs nothing
            // more.
            watched = control.watched();
            acted = null;
        }
        settling = false;
        if (watched.stream().anyMatch(FileWatch::isUnrepeatable)) {
            return;
        }
        String present = fingerprint(watched);
        boolean settled = present.equals(seen);
        settling = !settled;
        seen = present;
        if (!settled || present.equals(acted)) {
            return;
        }
        acted = present;
        try {
            control.reload(
                    ReloadRequest.IF_NEW,
                    new Author("weir", Author.Channel.FILE, control.source()));
        } catch (RefusedException e) {
            // Reported as an event by Control; what runs goes on.
        }
    }

    /** A pipe or terminal gives its content once, so looking would take it away. */
    private static boolean isUnrepeatable(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    private static String fingerprint(List<Path> watched) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path path : watched) {
                add(digest, path);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, Path path) {
        digest.update(path.toString().getBytes(StandardCharsets.UTF_8));
        try {
            if (Files.isDirectory(path)) {
                TreeSet<String> names = new TreeSet<>();
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                    entries.forEach(e -> names.add(e.getFileName().toString()));
                }
                digest.update(names.toString().getBytes(StandardCharsets.UTF_8));
                return;
            }
            long size = Files.size(path);
            digest.update((byte) 1);
            digest.update(
                    size <= MAX_BYTES
                            ? Files.readAllBytes(path)
                            : (size + " " + Files.getLastModifiedTime(path))
                                    .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            digest.update((byte) 0); // missing or unreadable: content of its own kind
        }
    }
}
