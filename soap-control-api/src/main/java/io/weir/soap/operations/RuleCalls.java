package io.weir.soap.operations;

import io.weir.config.RuleConfig;
import io.weir.control.RuleFiles;
import io.weir.rule.RuleEngine;
import io.weir.rule.RuleProblem;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.StructValue;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rules: programs in JavaScript. Their texts are files beside the configuration. A rule that is no
 * sound program is refused with a fault without a type, as the model product does.
 */
final class RuleCalls {

    private static final String SECTION = "rules";

    private final Api api;

    private RuleCalls(Api api) {
        this.api = api;
    }

    static void register(Handlers handlers, Tables tables) {
        RuleCalls calls = new RuleCalls(tables.newest("Catalog.Rule"));
        handlers.on("Catalog.Rule.addRule", calls::add);
        handlers.on("Catalog.Rule.setRuleText", calls::setText);
        handlers.on("Catalog.Rule.setRuleNotes", calls::setNotes);
        handlers.on("Catalog.Rule.copyRule", calls::copy);
        handlers.on("Catalog.Rule.renameRule", calls::rename);
        handlers.on("Catalog.Rule.deleteRule", calls::delete);
        handlers.on("Catalog.Rule.getRuleDetails", calls::details);
        handlers.on("Catalog.Rule.checkSyntax", RuleCalls::check);
    }

    private static RuleFiles files(Call call) {
        return new RuleFiles(
                call.draft().at(List.of(SECTION)),
                call.draft().names(SECTION),
                call.services().control()::hasFile);
    }

    private static RuleConfig rule(Call call, String name) throws SoapProblem {
        return (RuleConfig) call.draft().object(SECTION, "rule", name);
    }

    private @Nullable Object add(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            CatalogCalls.fresh(call.draft(), api, names.get(i));
            put(call, names.get(i), call.texts(1).get(i));
        }
        return null;
    }

    private void put(Call call, String name, String text) throws SoapProblem {
        List<RuleProblem> problems = problems(name, text);
        if (!problems.isEmpty()) {
            throw SoapProblem.untyped("the rule does not compile: " + problems.getFirst());
        }
        String file = files(call).toWrite(name);
        call.draft().putFile(file, text.getBytes(StandardCharsets.UTF_8));
        call.draft().create(SECTION, name, JsonNodeFactory.instance.stringNode(file));
    }

    private @Nullable Object setText(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            rule(call, names.get(i));
            put(call, names.get(i), call.texts(1).get(i));
        }
        return null;
    }

    /** Weir keeps no notes beside rules, so only none can be put there. */
    private @Nullable Object setNotes(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            rule(call, names.get(i));
            if (!call.texts(1).get(i).isEmpty()) {
                throw SoapProblem.notAllowed(
                        "Weir keeps no notes beside rules; write a comment into the text",
                        names.get(i));
            }
        }
        return null;
    }

    private @Nullable Object copy(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            CatalogCalls.fresh(call.draft(), api, call.texts(1).get(i));
            put(call, call.texts(1).get(i), rule(call, names.get(i)).source());
        }
        return null;
    }

    private @Nullable Object rename(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        Set<String> renamed = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String next = call.texts(1).get(i);
            if (!renamed.add(name)) {
                throw SoapProblem.notAllowed("'" + name + "' is renamed twice in one call", name);
            }
            String source = rule(call, name).source();
            CatalogCalls.fresh(call.draft(), api, next);
            String former = files(call).own(name);
            call.draft().rename(SECTION, name, next);
            String file = files(call).toWrite(next);
            call.draft().putFile(file, source.getBytes(StandardCharsets.UTF_8));
            call.draft().put(List.of(SECTION, next), JsonNodeFactory.instance.stringNode(file));
            if (former != null && !former.equals(file)) {
                call.draft().removeFile(former);
            }
        }
        return null;
    }

    private @Nullable Object delete(Call call) throws SoapProblem {
        for (String name : new java.util.LinkedHashSet<>(call.texts(0))) {
            rule(call, name);
            CatalogCalls.unused(call.draft(), api, name);
            String file = files(call).own(name);
            call.draft().delete(SECTION, name);
            if (file != null) {
                call.draft().removeFile(file);
            }
        }
        return null;
    }

    private Object details(Call call) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            all.add(StructValue.of(call.type("RuleInfo"), rule(call, name).source(), ""));
        }
        return all;
    }

    private static Object check(Call call) {
        List<StructValue> all = new ArrayList<>();
        for (String text : call.texts(0)) {
            List<RuleProblem> problems = problems("rule", text);
            StringBuilder errors = new StringBuilder();
            problems.forEach(problem -> errors.append(problem).append('\n'));
            all.add(
                    StructValue.of(
                            call.type("SyntaxCheck"), problems.isEmpty(), "", errors.toString()));
        }
        return all;
    }

    private static List<RuleProblem> problems(String name, String text) {
        RuleEngine engine = Engine.FOUND;
        if (engine == null) {
            return List.of(
                    new RuleProblem(name, 0, 0, "this Weir has no rules engine, so it cannot run"));
        }
        return engine.check(new RuleConfig(name, Path.of("/", name + ".js"), text));
    }

    /** Looked for at the first use, because it loads a language. */
    private static final class Engine {
        static final @Nullable RuleEngine FOUND = RuleEngine.find();
    }
}
