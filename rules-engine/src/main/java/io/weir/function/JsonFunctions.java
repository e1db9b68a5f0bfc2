package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.rule.RuleWorld;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Functions {@code json.*}. */
public final class JsonFunctions {

    /** Texts up to this length are validated at once; longer ones away from the event loop. */
    private static final int SHORT = 10_000;

    private final CurrentRun run;
    private final Waiting waiting;
    private final JsonSchemas schemas;

    JsonFunctions(CurrentRun run, Waiting waiting, JsonSchemas schemas) {
        this.run = run;
        this.waiting = waiting;
        this.schemas = schemas;
    }

    @RuleFunction(
            value =
                    "1 when the text is valid by the JSON Schema that is a file of the directory"
                            + " resources, 0 when not, and $1 says what is wrong; -1 if it is no"
                            + " JSON.",
            suspends = true)
    public int validate(@Nullable String schema, @Nullable String text) {
        String name = orEmpty(schema);
        String document = orEmpty(text);
        run.side();
        RuleWorld world = run.world();
        Object found =
                !run.resuming()
                                && document.length() <= SHORT
                                && schemas.isReady(name, world::resource)
                        ? verdict(name, document, world)
                        : run.await(
                                "json.validate",
                                done ->
                                        waiting.blocking(
                                                () -> done.accept(verdict(name, document, world))));
        if (found instanceof String problem) {
            run.group(1, problem);
            return 0;
        }
        run.group(1, "");
        return found instanceof Integer number ? number : -1;
    }

    /** 1 or -1, what is wrong, or the error of the rule. */
    private Object verdict(String name, String text, RuleWorld world) {
        try {
            JsonNode document = JsonSchemas.document(text);
            if (document == null) {
                return -1;
            }
            String problem = schemas.problem(name, document, world::resource);
            return problem == null ? 1 : problem;
        } catch (RuleErrorException e) {
            return e;
        }
    }

    @RuleFunction(
            "The list or hash that a JSON text stands for; null if it is none. A number that is too"
                    + " long becomes the nearest one.")
    public @Nullable Object deserialize(@Nullable String text) {
        try {
            return JsonText.read(orEmpty(text));
        } catch (RuleErrorException e) {
            return null;
        }
    }

    @RuleFunction("The value as JSON.")
    public String serialize(Any value) {
        return JsonText.write(value.value());
    }
}
