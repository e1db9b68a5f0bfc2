package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Functions {@code connection.data.*}: a small store that lives as long as the connection. */
public final class ConnectionData {

    private static final int MAX_ENTRIES = 256;
    private static final int MAX_LENGTH = 1 << 16;

    private final CurrentRun run;

    ConnectionData(CurrentRun run) {
        this.run = run;
    }

    @RuleFunction("What was stored; empty if nothing was.")
    public String get(@Nullable String key) {
        Object value = run.side().connectionData().get(orEmpty(key));
        return value instanceof String text ? text : "";
    }

    @RuleFunction("Stores a text for later requests on this connection, and for response rules.")
    public void set(@Nullable String key, @Nullable String value) {
        Map<String, Object> data = run.side().connectionData();
        String k = orEmpty(key);
        String v = orEmpty(value);
        if (k.length() + v.length() > MAX_LENGTH
                || data.size() >= MAX_ENTRIES && !data.containsKey(k)) {
            throw new RuleErrorException("the connection's store is full");
        }
        data.put(k, v);
    }
}
