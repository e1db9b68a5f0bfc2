package io.weir.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which Weir this is. */
public final class Version {

    /** Maven puts it into the jar. */
    private static final String PROPERTIES = "/META-INF/maven/io.weir/traffic-core/pom.properties";

    private Version() {}

    /** The version of the jar; {@code development} when there is no jar. */
    public static String text() {
        try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
            if (in != null) {
                Properties properties = new Properties();
                properties.load(in);
                return properties.getProperty("version", "unknown");
            }
            return "development";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
