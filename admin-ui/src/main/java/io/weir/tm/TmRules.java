package io.weir.tm;

import io.weir.admin.Caller;
import io.weir.admin.Permission;
import io.weir.config.RuleConfig;
import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Control;
import io.weir.control.Edit;
import io.weir.control.RefusedException;

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
                new Edit.PutFile(file(name), text),
                new Edit.Put(
                        List.of(SECTION, name), JsonNodeFactory.instance.stringNode(file(name))));
        return isNew;
    }

    /** Takes a rule away, with its file. */
    void delete(String name, Caller caller, Author author) throws TmProblem, RefusedException {
        TmObjects.mustBeAllowed(caller, SECTION, Permission.CHANGE);
        existing(name);
        List<Edit> edits = new ArrayList<>();
        if (control.desired().document().path(SECTION).has(name)) {
            edits.add(new Edit.Remove(List.of(SECTION, name)));
        }
        if (control.file(file(name)) != null) {
            edits.add(new Edit.RemoveFile(file(name)));
        }
        change(author, edits.toArray(Edit[]::new));
    }

    private void change(Author author, Edit... edits) throws RefusedException {
        control.change(new Change(List.of(edits), "", null, false, true, null), author);
    }

    private static String file(String name) {
        return "rules/" + name + ".js";
    }
}
