package io.weir.launcher.process;

import java.util.Objects;

/** Which Weir this is. */
public final class Version {

    private Version() {}

    /** The version in the manifest of the jar; {@code development} when there is no jar. */
    public static String text() {
        return Objects.requireNonNullElse(
                Version.class.getPackage().getImplementationVersion(), "development");
    }
}
