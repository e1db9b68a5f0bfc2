package io.weir.log;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The name of a log file, with {@code %v} for the virtual server, <code>%{strftime}t</code> for the
 * time and {@code %%} for a percent sign. Immutable. The name always lies within the log directory.
 */
final class LogFileName {

    /** A part of the name at a time. */
    @FunctionalInterface
    private interface Part {
        String at(java.time.ZonedDateTime time);
    }

    private final String pattern;
    private final Path directory;
    private final ZoneId zone;
    private final List<Part> parts;
    private final boolean timed;

    private LogFileName(
            String pattern, Path directory, ZoneId zone, List<Part> parts, boolean timed) {
        this.pattern = pattern;
        this.directory = directory;
        this.zone = zone;
        this.parts = parts;
        this.timed = timed;
    }

    /**
     * Reads a name.
     *
     * @param directory the log directory, absolute
     * @throws IllegalArgumentException if there is an unknown macro, or the name leaves the
     *     directory
     */
    static LogFileName compile(String pattern, Path directory, String virtualServer, ZoneId zone) {
        List<Part> parts = new ArrayList<>();
        boolean timed = false;
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (c != '%') {
                parts.add(literal(String.valueOf(c)));
                i++;
            } else if (pattern.startsWith("%v", i)) {
                parts.add(literal(fileName(virtualServer)));
                i += 2;
            } else if (pattern.startsWith("%%", i)) {
                parts.add(literal("%"));
                i += 2;
            } else {
                int end = pattern.indexOf("}t", i);
                if (!pattern.startsWith("%{", i) || end < 0) {
                    throw new IllegalArgumentException(
                            "log file name \""
                                    + pattern
                                    + "\": "
                                    + pattern.substring(i, Math.min(i + 2, pattern.length()))
                                    + " at character "
                                    + (i + 1)
                                    + " is not known; expected one of %v %{strftime}t %%");
                }
                Strftime time = Strftime.compile(pattern.substring(i + 2, end));
                parts.add(time::format);
                timed = true;
                i = end + 2;
            }
        }
        LogFileName name =
                new LogFileName(
                        pattern, directory.toAbsolutePath().normalize(), zone, parts, timed);
        name.at(0);
        return name;
    }

    /** Whether the name depends on the time. */
    boolean isTimed() {
        return timed;
    }

    /**
     * The path at a time.
     *
     * @throws IllegalArgumentException if it is outside the log directory or is not a path
     */
    Path at(long epochSecond) {
        var time = Instant.ofEpochSecond(epochSecond).atZone(zone);
        StringBuilder name = new StringBuilder();
        for (Part part : parts) {
            name.append(part.at(time));
        }
        return directory.resolve(
                LogDirectory.relative("log file name \"" + pattern + "\"", name.toString()));
    }

    private static Part literal(String text) {
        return time -> text;
    }

    /** A virtual server's name as a part of a file name: no directories, nothing unprintable. */
    static String fileName(String virtualServer) {
        StringBuilder name = new StringBuilder();
        virtualServer
                .codePoints()
                .map(c -> c == '/' || c == '\\' || Character.isISOControl(c) ? '_' : c)
                .forEach(name::appendCodePoint);
        return name.toString().matches("\\.{1,2}|") ? "_" : name.toString();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
