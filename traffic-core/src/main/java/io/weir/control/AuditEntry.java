package io.weir.control;

import java.time.Instant;
import java.util.List;

/**
 * An attempt to change something, or to get in.
 *
 * @param author who, by which way and whence
 * @param action what was asked for, in a word such as {@code change} or {@code drain}
 * @param objects what it was about, such as {@code pools/web}; may be empty
 * @param accepted whether it was done
 * @param detail what came of it, or why it was refused
 */
public record AuditEntry(
        Instant time,
        Author author,
        String action,
        List<String> objects,
        boolean accepted,
        String detail) {

    public AuditEntry {
        objects = List.copyOf(objects);
    }
}
