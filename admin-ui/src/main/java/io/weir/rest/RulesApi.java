package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.control.store.Json;
import io.weir.rule.FunctionText;
import io.weir.rule.RuleEngine;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** What those who write rules look up. Safe for every thread. */
final class RulesApi {

    /** Made when it is asked for first; the functions do not change while Weir runs. */
    private volatile @Nullable AdminResponse functions;

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listRuleFunctions",
                        "/v1/rule-functions",
                        "",
                        "The functions that rules can call",
                        r -> functions()));
    }

    private AdminResponse functions() {
        AdminResponse known = functions;
        if (known == null) {
            RuleEngine engine = RuleEngine.find();
            List<FunctionText> texts = engine == null ? List.of() : engine.functions();
            known =
                    Answers.document(
                            200,
                            Json.object(
                                    "functions", texts.stream().map(RulesApi::document).toList()));
            functions = known;
        }
        return known;
    }

    private static Map<String, @Nullable Object> document(FunctionText function) {
        return Json.object(
                "name", function.name(),
                "signature", function.signature(),
                "family", function.family(),
                "doc", function.text(),
                "waits", function.waits());
    }
}
