package io.weir.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of the machine, without asking a name service. */
public final class MachineName {

    private MachineName() {}

    /** The name; {@code localhost} when it cannot be known. */
    public static String get() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (IOException e) {
            return "localhost";
        }
    }
}
