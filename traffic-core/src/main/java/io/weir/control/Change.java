package io.weir.control;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A change of the desired configuration that is made as a whole or not at all.
 *
 * @param edits in this order, each upon what the one before has left
 * @param comment why; may be empty
 * @param base revision that the author looked at; null for any
 * @param dryRun whether only the plan is wanted and nothing is to change
 * @param allowShrink whether it may take away listeners, or many virtual servers or nodes
 * @param confirmWithin time after which it is undone unless it is confirmed; null for never
 * @param decisions about nodes as the edits leave them, put in force together with the edits
 */
public record Change(
        List<Edit> edits,
        String comment,
        @Nullable Long base,
        boolean dryRun,
        boolean allowShrink,
        @Nullable Duration confirmWithin,
        List<NodeCommand> decisions) {

    public Change {
        edits = List.copyOf(edits);
        decisions = List.copyOf(decisions);
    }

    /** A change without decisions about nodes. */
    public Change(
            List<Edit> edits,
            String comment,
            @Nullable Long base,
            boolean dryRun,
            boolean allowShrink,
            @Nullable Duration confirmWithin) {
        this(edits, comment, base, dryRun, allowShrink, confirmWithin, List.of());
    }

    /** A change of whatever is there now, with the shrink guard on. */
    public static Change of(Edit... edits) {
        return new Change(List.of(edits), "", null, false, false, null);
    }
}
