package io.weir.history;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Which series stands in which column, and since when: values before that belong to the series that
 * had the column earlier. Kept in a file that is written anew as a whole, before the first row with
 * a new column. Not safe for threads.
 */
final class Catalog {

    private static final String HEAD = "weir history 1";
    private static final String TAB = "\t";

    private final Path file;
    private final int columns;
    private final List<@Nullable Column> byColumn = new ArrayList<>();
    private final Map<String, Column> byId = new HashMap<>();

    /**
     * A series in its place.
     *
     * @param since second from which on values are those of this series
     */
    record Column(int number, long since, Series series) {}

    private Catalog(Path file, int columns) {
        this.file = file;
        this.columns = columns;
    }

    /** What the file says; nothing when there is none, or it is damaged. */
    static Catalog open(Path file, int columns) throws IOException {
        Catalog catalog = new Catalog(file, columns);
        if (Files.exists(file)) {
            List<String> lines =
                    List.of(Files.readString(file, StandardCharsets.UTF_8).split("\n", -1));
            if (lines.size() >= 2
                    && lines.getFirst().equals(HEAD + TAB + columns)
                    && lines.getLast().equals(checksum(lines.subList(0, lines.size() - 1)))) {
                lines.subList(1, lines.size() - 1).forEach(catalog::read);
            }
        }
        return catalog;
    }

    private static String checksum(List<String> lines) {
        CRC32C crc = new CRC32C();
        lines.forEach(line -> crc.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    private void read(String line) {
        List<String> cells = List.of(line.split(TAB, -1));
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 7; i + 1 < cells.size(); i += 2) {
            labels.put(plain(cells.get(i)), plain(cells.get(i + 1)));
        }
        put(
                new Column(
                        Integer.parseInt(cells.get(0)),
                        Long.parseLong(cells.get(1)),
                        new Series(
                                cells.get(2),
                                cells.get(3),
                                labels,
                                Series.Kind.valueOf(cells.get(4)),
                                cells.get(5),
                                plain(cells.get(6)))));
    }

    private void put(Column column) {
        while (byColumn.size() <= column.number()) {
            byColumn.add(null);
        }
        Column before = byColumn.set(column.number(), column);
        if (before != null) {
            byId.remove(before.series().id());
        }
        byId.put(column.series().id(), column);
    }

    /** The column of a series; null when it has none. */
    @Nullable Column find(String id) {
        return byId.get(id);
    }

    /** All columns in use. */
    List<Column> all() {
        List<Column> all = new ArrayList<>();
        for (Column each : byColumn) {
            if (each != null) {
                all.add(each);
            }
        }
        return all;
    }

    /** Columns from the first to the last in use. */
    int width() {
        return byColumn.size();
    }

    /** Whether there is a column that no series has ever had. */
    boolean hasRoom() {
        return byColumn.size() < columns;
    }

    /** Gives a series a column that nobody has; see {@link #hasRoom}. */
    Column add(Series series, long now) {
        Column column = new Column(byColumn.size(), now, series);
        put(column);
        return column;
    }

    /** Gives {@code series} the column of one that is over. */
    Column replace(Column over, Series series, long now) {
        Column column = new Column(over.number(), now, series);
        put(column);
        return column;
    }

    /** Writes the file, on disk when this returns. */
    void save() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(HEAD + TAB + columns);
        for (Column each : all()) {
            Series of = each.series();
            StringBuilder line = new StringBuilder();
            line.append(each.number()).append(TAB).append(each.since()).append(TAB);
            line.append(of.id()).append(TAB).append(of.name()).append(TAB);
            line.append(of.kind()).append(TAB).append(of.unit()).append(TAB);
            line.append(guarded(of.help()));
            of.labels()
                    .forEach(
                            (name, value) ->
                                    line.append(TAB)
                                            .append(name)
                                            .append(TAB)
                                            .append(guarded(value)));
            lines.add(line.toString());
        }
        lines.add(checksum(lines));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel out =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String guarded(String text) {
        return text.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char escaped = text.charAt(++i);
                c = escaped == 't' ? '\t' : escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
