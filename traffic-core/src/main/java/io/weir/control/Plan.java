package io.weir.control;

import io.weir.config.WeirConfig;
import io.weir.runtime.DataPlane.Change;
import io.weir.runtime.DataPlane.ObjectResult;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What putting a configuration in force would change, object by object: a pure function. */
final class Plan {

    private Plan() {}

    /** One entry for each object of either configuration, by section as {@link WeirConfig} has. */
    static List<ObjectResult> between(WeirConfig before, WeirConfig after) {
        List<ObjectResult> results = new ArrayList<>();
        try {
            for (RecordComponent section : WeirConfig.class.getRecordComponents()) {
                Object old = section.getAccessor().invoke(before);
                Object now = section.getAccessor().invoke(after);
                String name = keyword(section.getName());
                if (old instanceof Map<?, ?> oldObjects && now instanceof Map<?, ?> objects) {
                    compare(name + "/", oldObjects, objects, results);
                } else if (!now.equals(old)) {
                    results.add(new ObjectResult(name, Change.CHANGED, null));
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("records have public accessors", e);
        }
        return results;
    }

    private static void compare(
            String section, Map<?, ?> old, Map<?, ?> now, List<ObjectResult> results) {
        now.forEach(
                (name, object) -> {
                    Object was = old.get(name);
                    Change change =
                            was == null
                                    ? Change.ADDED
                                    : was.equals(object) ? Change.UNCHANGED : Change.CHANGED;
                    results.add(new ObjectResult(section + name, change, null));
                });
        for (Object name : old.keySet()) {
            if (!now.containsKey(name)) {
                results.add(new ObjectResult(section + name, Change.REMOVED, null));
            }
        }
    }

    /** {@code virtualServers} as configurations spell it: {@code virtual-servers}. */
    private static String keyword(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
