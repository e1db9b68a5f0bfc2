package io.weir.control;

import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Notices that the configuration on disk has become another one, by content: editors that replace
 * files, symbolic links that are switched over and mounted volumes all look the same to it. What
 * the file system says of the files tells when their content has to be read again. A change is
 * acted on once it has stood still between two looks. Confined to one thread.
 */
public final class FileWatch {

    /** Files beyond this are not configuration; they are seen by size and time only. */
    private static final long MAX_BYTES = 16 << 20;

    /**
     * A file that changed so lately may change again without looking changed: the clocks of file
     * systems tick seldom, some only every other second.
     */
    private static final Duration YOUNG = Duration.ofSeconds(3);

    /** What becomes another one when a file is written, replaced, renamed or given away. */
    private static final String STAMP = "unix:ctime,ino,dev,size,mode";

    /** Reads a whole file. */
    interface Reader {
        byte[] read(Path path) throws IOException;
    }

    private final Control control;
    private final Ticker ticker;
    private final Reader reader;
    private List<Path> watched = List.of();

    /** Of the files when their content was read last; null when it has to be read anyway. */
    private @Nullable List<Map<String, Object>> stamps;

    private @Nullable String acted;
    private @Nullable String seen;
    private boolean settling;

    public FileWatch(Control control, Ticker ticker) {
        this(control, ticker, Files::readAllBytes);
    }

    FileWatch(Control control, Ticker ticker, Reader reader) {
        this.control = control;
        this.ticker = ticker;
        this.reader = reader;
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
            stamps = null;
        }
        settling = false;
        if (watched.stream().anyMatch(FileWatch::isUnrepeatable)) {
            return;
        }
        String present = present();
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

    /** The fingerprint of what is there now. */
    private String present() {
        List<Map<String, Object>> found = stamps(watched);
        String known = seen;
        if (known != null && found != null && found.equals(stamps)) {
            return known;
        }
        stamps = found;
        return fingerprint(watched);
    }

    /** Null when they would not tell the next change. */
    private @Nullable List<Map<String, Object>> stamps(List<Path> paths) {
        Instant young = ticker.now().minus(YOUNG);
        List<Map<String, Object>> found = new ArrayList<>();
        for (Path path : paths) {
            try {
                Map<String, Object> stamp = Files.readAttributes(path, STAMP);
                if (!(stamp.get("ctime") instanceof FileTime changed)
                        || changed.toInstant().isAfter(young)) {
                    return null;
                }
                found.add(stamp);
            } catch (NoSuchFileException missing) {
                found.add(Map.of());
            } catch (IOException | UnsupportedOperationException unknown) {
                return null;
            }
        }
        return found;
    }

    private String fingerprint(List<Path> watched) {
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

    private void add(MessageDigest digest, Path path) {
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
                            ? reader.read(path)
                            : (size + " " + Files.getLastModifiedTime(path))
                                    .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            digest.update((byte) 0); // missing or unreadable: content of its own kind
        }
    }
}
