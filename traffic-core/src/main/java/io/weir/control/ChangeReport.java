package io.weir.control;

import io.weir.config.load.Problem;
import io.weir.runtime.DataPlane;

import java.util.List;

/**
 * What became of a {@link Change}, or would become of it.
 *
 * @param applied whether another configuration is in force than before
 * @param revision of the desired configuration now
 * @param objects one entry per object that was looked at
 * @param warnings about the configuration as changed
 */
public record ChangeReport(
        boolean applied,
        long revision,
        List<DataPlane.ObjectResult> objects,
        List<Problem> warnings) {

    public ChangeReport {
        objects = List.copyOf(objects);
        warnings = List.copyOf(warnings);
    }

    /** Whether some object could not be put in force although the configuration as a whole was. */
    public boolean partial() {
        return objects.stream().anyMatch(o -> o.change() == DataPlane.Change.FAILED);
    }
}
