package io.weir.soap.operations;

import io.weir.soap.table.SoapType;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Values of the configuration as the control API tells them. */
final class Values {

    private Values() {}

    static Long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0L;
    }

    /** Whole seconds, rounded up so that little does not become "no limit". */
    static Long seconds(@Nullable Object value) {
        if (!(value instanceof Duration duration)) {
            return 0L;
        }
        return duration.toSeconds() + (duration.toNanosPart() > 0 ? 1 : 0);
    }

    static Long millis(@Nullable Object value) {
        return value instanceof Duration duration ? duration.toMillis() : 0L;
    }

    /** A value as the configuration writes it; empty for none. */
    static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Enum<?> word -> word.name().toLowerCase(Locale.ROOT).replace('_', '-');
            case Path path -> path.toString();
            default -> value.toString();
        };
    }

    static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof Collection<?> all) {
            all.forEach(each -> texts.add(text(each)));
        }
        return texts;
    }

    /** The entries of a list that is written with commas, colons or blanks. */
    static List<String> split(String text) {
        List<String> entries = new ArrayList<>();
        for (String entry : text.split("[,:\\s]+", -1)) {
            if (!entry.isEmpty()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /**
     * An address with the port that is usual where it names none; an IPv6 address without a port
     * may come without brackets.
     */
    static String withPort(String address, String usual) {
        if (address.isEmpty() || address.matches("[^:]+:\\d+|\\[.*]:\\d+")) {
            return address;
        }
        boolean bare = address.indexOf(':') >= 0 && !address.startsWith("[");
        return (bare ? "[" + address + "]" : address) + ":" + usual;
    }

    /** A value that the table gives. */
    static Object fixed(SoapType type, String written) {
        String text = written.equals("\"\"") ? "" : written;
        return switch (type) {
            case SoapType.Scalar.BOOLEAN -> Boolean.valueOf(text);
            case SoapType.Scalar.INT, SoapType.Scalar.UNSIGNED_INT, SoapType.Scalar.LONG ->
                    Long.valueOf(text);
            default -> text;
        };
    }

    /** What people call an object of a section. */
    static String noun(String section) {
        return switch (section) {
            case "virtual-servers" -> "virtual server";
            case "persistence-classes" -> "persistence class";
            case "protection-classes" -> "protection class";
            case "bandwidth-classes" -> "bandwidth class";
            case "rate-classes" -> "rate class";
            case "service-level-classes" -> "service level class";
            default -> section.substring(0, section.length() - 1);
        };
    }
}
