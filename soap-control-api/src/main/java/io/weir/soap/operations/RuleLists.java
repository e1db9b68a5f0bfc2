package io.weir.soap.operations;

import io.weir.config.RuleUse;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handler;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Operation;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** The lists of rules of virtual servers: what the table maps to {@code rules}. */
final class RuleLists {

    private static final String SECTION = "virtual-servers";

    private final String key;

    private RuleLists(String key) {
        this.key = key;
    }

    static void register(Handlers handlers) {
        handlers.general(RuleLists::handler, "rules");
    }

    private static Handler handler(Api api, Operation operation, Backing.Mapped backing) {
        RuleLists lists = new RuleLists(backing.word(0));
        return switch (operation.verb()) {
            case GET -> lists::get;
            case SET -> call -> lists.put(call, false);
            case ADD -> call -> lists.put(call, true);
            // Rules are taken away by their names, so this is no accessor in the table.
            case REMOVE, CALL -> lists::remove;
        };
    }

    @SuppressWarnings("unchecked")
    private List<RuleUse> uses(Call call, String name) throws SoapProblem {
        Object uses = Effective.at(VirtualServerCalls.server(call, name), key);
        return uses == null ? List.of() : (List<RuleUse>) uses;
    }

    private Object get(Call call) throws SoapProblem {
        List<List<StructValue>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            List<StructValue> rules = new ArrayList<>();
            for (RuleUse use : uses(call, name)) {
                rules.add(
                        StructValue.of(
                                call.type("Rule"),
                                use.rule(),
                                use.enabled(),
                                use.run() == RuleUse.Run.EVERY ? "run_every" : "only_first"));
            }
            all.add(rules);
        }
        return all;
    }

    private @Nullable Object put(Call call, boolean add) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<RuleUse> uses =
                    add ? new ArrayList<>(uses(call, names.get(i))) : new ArrayList<>();
            if (!add) {
                uses(call, names.get(i));
            }
            for (StructValue rule : call.structLists(1).get(i)) {
                String name = rule.text("name");
                if (!call.draft().names("rules").contains(name)) {
                    throw SoapProblem.invalid(
                            "Unknown rule '" + name + "': it does not exist",
                            names.get(i),
                            key,
                            name);
                }
                uses.removeIf(use -> use.rule().equals(name));
                uses.add(
                        new RuleUse(
                                name,
                                rule.flag("enabled"),
                                rule.text("run_frequency").equals("only_first")
                                        ? RuleUse.Run.FIRST
                                        : RuleUse.Run.EVERY));
            }
            write(call, names.get(i), uses);
        }
        return null;
    }

    private @Nullable Object remove(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<RuleUse> uses = new ArrayList<>(uses(call, names.get(i)));
            for (String rule : call.lists(1).get(i)) {
                if (!uses.removeIf(use -> use.rule().equals(rule))) {
                    throw SoapProblem.invalid(
                            "the rule '" + rule + "' could not be found in " + key,
                            names.get(i),
                            key,
                            rule);
                }
            }
            write(call, names.get(i), uses);
        }
        return null;
    }

    private void write(Call call, String name, List<RuleUse> uses) throws SoapProblem {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (RuleUse use : uses) {
            if (use.enabled() && use.run() == RuleUse.Run.EVERY) {
                list.add(use.rule());
                continue;
            }
            ObjectNode entry = list.addObject();
            entry.put("rule", use.rule());
            entry.put("enabled", use.enabled());
            entry.put("run", use.run() == RuleUse.Run.EVERY ? "every" : "first");
        }
        call.draft().set(SECTION, name, key, list);
    }
}
