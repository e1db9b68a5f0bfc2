package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.event.EventTag;
import io.weir.function.DataStore.Structure;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Functions {@code data.*} and {@code data.local.*}, which are the same in a single process. */
public class DataFunctions {

    final CurrentRun run;
    private final DataStore store;

    DataFunctions(CurrentRun run, DataStore store) {
        this.run = run;
        this.store = store;
    }

    /** The family with its second name. */
    public static final class Shared extends DataFunctions {

        @RuleFunction("The same store as data, for rules that name it so.")
        public final DataFunctions local;

        Shared(CurrentRun run, DataStore store) {
            super(run, store);
            local = new DataFunctions(run, store);
        }
    }

    @RuleFunction("What was stored under key, by any rule; empty if nothing was.")
    public @Nullable Object get(@Nullable String key) {
        run.side();
        Object value = store.get(orEmpty(key));
        return switch (value) {
            case null -> "";
            case Structure structure -> JsonText.read(structure.json());
            default -> value;
        };
    }

    @RuleFunction(
            "Stores a value for all rules; a full store raises an event and keeps what it has.")
    public void set(@Nullable String key, Any value) {
        run.side();
        Object kept =
                switch (value.value()) {
                    case null -> "";
                    case List<?> list -> new Structure(JsonText.write(list));
                    case Map<?, ?> map -> new Structure(JsonText.write(map));
                    case Object other -> other;
                };
        if (!store.set(orEmpty(key), kept)) {
            run.event(EventTag.DATASTOREFULL, "data.set: the store of rules is full");
        }
    }

    @RuleFunction("Forgets what was stored under key.")
    public void remove(@Nullable String key) {
        run.side();
        store.remove(orEmpty(key));
    }

    @RuleFunction("Forgets everything.")
    public void reset() {
        reset("");
    }

    @RuleFunction("Forgets everything whose key begins with prefix.")
    public void reset(@Nullable String prefix) {
        run.side();
        store.reset(orEmpty(prefix));
    }

    @RuleFunction("Bytes that are free.")
    public double getMemoryFree() {
        return store.free();
    }

    @RuleFunction("Bytes in use.")
    public double getMemoryUsage() {
        return store.used();
    }
}
