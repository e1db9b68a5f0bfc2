package io.weir.function;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/** Something that takes time, for which a rule waits without a thread. */
@FunctionalInterface
public interface Operation {

    /**
     * Begins, on the event loop.
     *
     * @param done takes the result once, on any thread; an exception is thrown to the rule
     */
    void start(Consumer<@Nullable Object> done);
}
