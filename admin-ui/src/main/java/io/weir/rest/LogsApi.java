package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The files of the log directory: request logs, and what actions write there. Links and directories
 * are passed over. Safe for every thread.
 */
final class LogsApi {

    private static final int MAX_LISTED = 1000;
    private static final int MAX_END = 1 << 20;
    private static final int PIECE = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,255}");

    private final Path directory;

    /**
     * @param directory where logs are written; need not be there
     */
    LogsApi(Path directory) {
        this.directory = directory;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listLogs",
                        "/v1/logs",
                        "logs",
                        "The files of the log directory, the latest first",
                        _ -> list()),
                Operation.get("getLog", "/v1/logs/{name}", "logs", "The end of a log", this::log)
                        .taking(
                                "bytes", "how much of its end; 65536 unless said",
                                "whole", "true for all of it, as a file to keep"));
    }

    private record LogFile(String name, BasicFileAttributes about) {}

    private AdminResponse list() throws IOException {
        List<LogFile> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    BasicFileAttributes about = about(file);
                    if (about != null) {
                        found.add(new LogFile(String.valueOf(file.getFileName()), about));
                    }
                }
            }
        }
        found.sort(Comparator.comparing((LogFile f) -> f.about().lastModifiedTime()).reversed());
        return Answers.document(
                200,
                Json.object(
                        "logs", found.stream().limit(MAX_LISTED).map(LogsApi::document).toList()));
    }

    private static Map<String, @Nullable Object> document(LogFile file) {
        return Json.object(
                "name", file.name(),
                "bytes", file.about().size(),
                "written", file.about().lastModifiedTime().toInstant());
    }

    /** About a file; null when it is none, as after it was moved away. */
    private static @Nullable BasicFileAttributes about(Path file) {
        try {
            BasicFileAttributes about =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return about.isRegularFile() ? about : null;
        } catch (IOException e) {
            return null;
        }
    }

    private AdminResponse log(Request request) throws BadRequestException, IOException {
        String name = request.part("name");
        Path file = NAME.matcher(name).matches() ? directory.resolve(name) : directory;
        BasicFileAttributes about = about(file);
        if (about == null || !directory.equals(file.getParent())) {
            throw new BadRequestException(404, "there is no log " + name);
        }
        return request.flag("whole")
                ? whole(file)
                : AdminResponse.of(
                        200,
                        "text/plain; charset=utf-8",
                        end(file, request.number("bytes", PIECE, MAX_END)));
    }

    /** The last bytes of a file, from the beginning of a line on. */
    private static byte[] end(Path file, int most) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long from = Math.max(0, channel.size() - most);
            channel.position(from);
            ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - from));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // until it is full
            }
            byte[] bytes = buffer.array();
            int start = 0;
            while (from > 0 && start < buffer.position() && bytes[start++] != '\n') {
                // to the end of the broken line
            }
            return Arrays.copyOfRange(bytes, start, buffer.position());
        }
    }

    private static AdminResponse whole(Path file) {
        return AdminResponse.stream(
                        200,
                        "application/octet-stream",
                        sink -> {
                            try (InputStream in = Files.newInputStream(file)) {
                                byte[] piece = in.readNBytes(PIECE);
                                while (piece.length > 0 && !sink.isClosed()) {
                                    sink.write(piece);
                                    piece = in.readNBytes(PIECE);
                                }
                            }
                        })
                .with("Content-Disposition", "attachment");
    }
}
