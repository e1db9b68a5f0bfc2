package io.weir.control;

import java.time.Instant;
import java.util.List;

/**
 * A revision of a managed configuration.
 *
 * @param number counted over the life of the store
 * @param commit its id in the git repository of the history
 * @param comment why it was made; may be empty
 * @param objects what differs from the revision before, such as {@code pools/web}; cut short when
 *     there is much
 */
public record Revision(
        long number,
        String commit,
        Author author,
        Instant time,
        String comment,
        List<String> objects) {

    public Revision {
        objects = List.copyOf(objects);
    }
}
