package io.weir.control;

import io.weir.runtime.DataPlane;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of a configuration, in a few words. */
final class ApplySummary {

    private static final int NAMED = 5;

    private ApplySummary() {}

    /** Why a configuration was not applied. */
    static String failure(DataPlane.ApplyResult result) {
        for (DataPlane.ObjectResult object : result.objects()) {
            if (object.change() == DataPlane.Change.FAILED) {
                return object.object() + ": " + object.problem();
            }
        }
        return "the data plane refused the configuration";
    }

    /** What is different: {@code 1 added (pools/b), 2 changed (pools/a, virtual-servers/web)}. */
    static String changes(DataPlane.ApplyResult result) {
        Map<DataPlane.Change, List<String>> changes = new LinkedHashMap<>();
        for (DataPlane.ObjectResult object : result.objects()) {
            if (object.change() != DataPlane.Change.UNCHANGED) {
                changes.computeIfAbsent(object.change(), c -> new ArrayList<>())
                        .add(object.object());
            }
        }
        List<String> clauses = new ArrayList<>();
        changes.forEach((change, objects) -> clauses.add(clause(change, objects)));
        return clauses.isEmpty() ? "a changed configuration" : String.join(", ", clauses);
    }

    private static String clause(DataPlane.Change change, List<String> objects) {
        return objects.size()
                + " "
                + change.name().toLowerCase(Locale.ROOT)
                + " ("
                + String.join(", ", objects.stream().limit(NAMED).toList())
                + (objects.size() > NAMED ? ", …" : "")
                + ")";
    }
}
