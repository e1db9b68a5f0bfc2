package io.weir.exchange;

/**
 * One step of the path that every exchange of a virtual server takes. Steps are shared by all
 * exchanges and all event loops; what belongs to one exchange is kept in the {@link Exchange}. A
 * step never blocks.
 */
public interface Step {

    /** Does its part for {@code x} on the event loop of {@code x}. */
    Next run(Exchange x);
}
