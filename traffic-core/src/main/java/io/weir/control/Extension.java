package io.weir.control;

import java.util.List;

/**
 * A part of Weir that lives in another module, such as the rules engine, the SOAP interface or the
 * web interface. Found by {@link java.util.ServiceLoader}; needs a public constructor without
 * parameters that does nothing costly, because the command line makes one too. An extension that
 * fails is reported and left out; traffic goes on.
 */
public interface Extension {

    /** A short word for messages: {@code soap}. */
    String name();

    /**
     * Starts the extension, on a thread of its own, after the listeners are up.
     *
     * @throws Exception when it cannot do its work; {@link #stop} is called then, too
     */
    void start(ExtensionContext context) throws Exception;

    /**
     * Ends all it started. Called once, in a bounded time before the process ends.
     *
     * @throws Exception when something does not end as it should
     */
    void stop() throws Exception;

    /**
     * What its first users will ask for. The training run of the JVM's AOT cache asks for it, so
     * that later starts find ready what answering takes.
     */
    default List<Rehearsal> rehearsals() {
        return List.of();
    }

    /** Further subcommands of {@code weir}: objects annotated as picocli commands. */
    default List<Object> commands() {
        return List.of();
    }
}
