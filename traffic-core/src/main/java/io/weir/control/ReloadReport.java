package io.weir.control;

import io.weir.config.load.Problem;
import io.weir.runtime.DataPlane;

import java.util.List;

/**
 * What became of a reload that was not refused.
 *
 * @param applied whether another configuration is in force than before
 * @param revision of the configuration in force
 * @param objects one entry per object that was looked at; empty when nothing was applied
 * @param warnings about the configuration in force
 */
public record ReloadReport(
        boolean applied,
        long revision,
        List<DataPlane.ObjectResult> objects,
        List<Problem> warnings) {

    public ReloadReport {
        objects = List.copyOf(objects);
        warnings = List.copyOf(warnings);
    }

    /** Whether some object could not be put in force although the configuration as a whole was. */
    public boolean partial() {
        return objects.stream().anyMatch(o -> o.change() == DataPlane.Change.FAILED);
    }
}
