package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.http.Head;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Functions {@code request.headers.*} and {@code response.headers.*}: header fields as the Headers
 * of the web have them. Names match whatever their case, and several values are joined by commas.
 */
public final class HeaderFunctions {

    private final CurrentRun run;
    private final Supplier<? extends Head> head;

    HeaderFunctions(CurrentRun run, Supplier<? extends Head> head) {
        this.run = run;
        this.head = head;
    }

    @RuleFunction("The value of a header field; null without one.")
    public @Nullable String get(@Nullable String name) {
        return run.fields().get(head.get(), orEmpty(name));
    }

    @RuleFunction("Whether there is a header field of that name.")
    public boolean has(@Nullable String name) {
        return get(name) != null;
    }

    @RuleFunction("Makes value the only one of a header field.")
    public void set(@Nullable String name, @Nullable String value) {
        run.fields().set(head.get(), orEmpty(name), orEmpty(value));
    }

    @RuleFunction("Adds a header field behind those of its name.")
    public void append(@Nullable String name, @Nullable String value) {
        run.fields().add(head.get(), orEmpty(name), orEmpty(value));
    }

    @RuleFunction("Removes the header fields of that name.")
    public void delete(@Nullable String name) {
        run.fields().remove(head.get(), orEmpty(name));
    }

    @RuleFunction("The names, each once.")
    public List<String> keys() {
        return Fields.names(head.get());
    }

    @RuleFunction("The values, in the order of the names.")
    public List<String> values() {
        List<String> values = new ArrayList<>();
        keys().forEach(name -> values.add(orEmpty(get(name))));
        return values;
    }

    @RuleFunction("Names with their values, as pairs. for (const [name, value] of …) has them too.")
    public List<List<String>> entries() {
        List<List<String>> entries = new ArrayList<>();
        keys().forEach(name -> entries.add(List.of(name, orEmpty(get(name)))));
        return entries;
    }
}
