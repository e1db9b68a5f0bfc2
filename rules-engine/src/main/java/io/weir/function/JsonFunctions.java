package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import org.jspecify.annotations.Nullable;

/** Functions {@code json.*}. */
public final class JsonFunctions {

    JsonFunctions() {}

    @RuleFunction("The list or hash that a JSON text stands for; null if it is none.")
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
