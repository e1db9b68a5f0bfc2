package io.weir.tm;

import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.config.RuleConfig;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Desired;
import io.weir.control.Edit;
import io.weir.control.RefusedException;
import io.weir.control.RuleFiles;

import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Rules, which are texts in the tree. They are rules of Weir, in JavaScript; the language of the
 * model product is refused as what it is, no sound program. Safe for every thread but an event
 * loop.
 */
final class TmRules {

    private static final String SECTION = "rules";

    private final Control control;

    TmRules(Control control) {
        this.control = control;
    }

    /** The names of all rules. */
    List<String> names() {
        return List.copyOf(control.config().rules().keySet());
    }

    /** The text of a rule. */
    String get(String name) throws TmProblem {
        return existing(name).source();
    }

    private RuleConfig existing(String name) throws TmProblem {
        RuleConfig rule = control.config().rules().get(name);
        if (rule == null) {
            throw TmProblem.missing("There is no rule " + name);
        }
        return rule;
    }

    /**
     * Puts a text in the place of a rule's, or makes the rule.
     *
     * @return whether it was made
     */
    boolean put(String name, byte[] text, Caller caller, Author author)
            throws TmProblem, RefusedException {
        TmObjects.mustBeAllowed(caller, SECTION, Permission.CHANGE);
        boolean isNew = !control.config().rules().containsKey(name);
        change(
                author,
                desired -> {
                    String file = files(desired).toWrite(name);
                    return List.of(
                            new Edit.PutFile(file, text),
                            new Edit.Put(
                                    List.of(SECTION, name),
                                    JsonNodeFactory.instance.stringNode(file)));
                });
        return isNew;
    }

    /** Takes a rule away, with its file when no other rule has it. */
    void delete(String name, Caller caller, Author author) throws TmProblem, RefusedException {
        TmObjects.mustBeAllowed(caller, SECTION, Permission.CHANGE);
        change(
                author,
                desired -> {
                    existing(name);
                    List<Edit> edits = new ArrayList<>();
                    if (desired.document().path(SECTION).has(name)) {
                        edits.add(new Edit.Remove(List.of(SECTION, name)));
                    }
                    String file = files(desired).own(name);
                    if (file != null) {
                        edits.add(new Edit.RemoveFile(file));
                    }
                    return edits;
                });
    }

    private RuleFiles files(Desired desired) {
        return new RuleFiles(
                desired.document().path(SECTION),
                control.config().rules().keySet(),
                control::hasFile);
    }

    /** The edits that lead from what is there to what is wished. */
    @FunctionalInterface
    private interface Wish {
        List<Edit> edits(Desired desired) throws TmProblem;
    }

    private void change(Author author, Wish wish) throws TmProblem, RefusedException {
        for (int tries = 1; ; tries++) {
            Desired desired = control.desired();
            List<Edit> edits = wish.edits(desired);
            try {
                control.change(
                        new Change(edits, "", desired.revision(), false, true, null), author);
                return;
            } catch (RefusedException e) {
                boolean overtaken = control.desired().revision() != desired.revision();
                if (!overtaken || tries == TmObjects.TRIES) {
                    throw e;
                }
            }
        }
    }
}
