package io.weir.control;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which file beside the configuration holds the text of which rule. A rule that was renamed keeps
 * its file, and rules may share one, so a name alone does not tell. Confined to one thread.
 */
public final class RuleFiles {

    private final Map<String, String> files = new HashMap<>();
    private final Predicate<String> stored;

    /**
     * @param written the section {@code rules} of the desired configuration
     * @param names of all rules, with those that are found by the name of their file
     * @param stored whether there is a file at this path beside the configuration
     */
    public RuleFiles(JsonNode written, Collection<String> names, Predicate<String> stored) {
        this.stored = stored;
        for (String name : names) {
            JsonNode file = written.path(name);
            files.put(
                    name,
                    file.isString()
                            ? Path.of(file.stringValue()).normalize().toString()
                            : file(name, ""));
        }
    }

    private static String file(String name, String suffix) {
        return "rules/" + name + suffix + ".js";
    }

    /** The file that is this rule's and no other's; null when there is none such. */
    public @Nullable String own(String name) {
        String file = files.get(name);
        return file != null && stored.test(file) && !isUsedByAnother(name, file) ? file : null;
    }

    /**
     * Where to put the text of a rule, which may be a new one, so that no other rule gets it as
     * well: its own file, or one that nobody uses.
     */
    public String toWrite(String name) {
        String own = own(name);
        if (own != null) {
            return own;
        }
        String free = file(name, "");
        for (int i = 2; isUsedByAnother(name, free) || (i > 2 && stored.test(free)); i++) {
            free = file(name, "-" + i);
        }
        return free;
    }

    private boolean isUsedByAnother(String name, String file) {
        return files.entrySet().stream()
                .anyMatch(each -> !each.getKey().equals(name) && each.getValue().equals(file));
    }
}
