package io.weir.tm;

import io.weir.config.WeirConfig;
import io.weir.config.load.BuiltInMonitors;
import io.weir.config.load.ConfigDocument;
import io.weir.config.load.ConfigWriter;
import io.weir.control.Control;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * The configuration in force with every default written out, as JSON in the keys of the
 * configuration. Made anew when another configuration is in force. Safe for every thread.
 */
final class TmView {

    private final Control control;
    private volatile @Nullable Seen seen;

    private record Seen(WeirConfig config, ObjectNode document) {}

    TmView(Control control) {
        this.control = control;
    }

    /** The objects of a section by name, monitors with the built-in ones; not to be changed. */
    ObjectNode objects(String section) {
        return document().get(section) instanceof ObjectNode objects
                ? objects
                : JsonNodeFactory.instance.objectNode();
    }

    /** An object; null when there is none. */
    @Nullable ObjectNode object(String section, String name) {
        return objects(section).get(name) instanceof ObjectNode object ? object : null;
    }

    @SuppressWarnings(
            "ReferenceEquality") // a configuration in force is one object; comparing all of it is
    // dear
    private ObjectNode document() {
        WeirConfig config = control.config();
        Seen known = seen;
        if (known == null || known.config != config) {
            ObjectNode document = read(config);
            ObjectNode monitors = document.withObjectProperty("monitors");
            builtIn(config)
                    .properties()
                    .forEach(
                            each -> {
                                if (!monitors.has(each.getKey())) {
                                    monitors.set(each.getKey(), each.getValue());
                                }
                            });
            known = new Seen(config, document);
            seen = known;
        }
        return known.document;
    }

    private static ObjectNode builtIn(WeirConfig config) {
        WeirConfig monitors =
                new WeirConfig(
                        config.global(), Map.of(), Map.of(), BuiltInMonitors.all(), Map.of());
        return read(monitors).withObjectProperty("monitors");
    }

    private static ObjectNode read(WeirConfig config) {
        return ConfigDocument.read(Map.of("configuration", ConfigWriter.canonical(config))).json();
    }
}
