package io.weir.explain;

import io.weir.explain.KeptExchange.Candidate;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What would become of a request, as far as that can be told without sending it.
 *
 * @param virtualServer that would serve it; null when none would
 * @param listener where it listens; null when none would
 * @param steps what would be decided on the way, in order
 * @param pool that would be asked for a node; null when none would
 * @param candidates its nodes, and those of failure pools that would be asked; {@link
 *     Candidate#chosen} says whether the request could go there
 * @param text the end in a sentence
 */
public record Foresight(
        @Nullable String virtualServer,
        @Nullable String listener,
        List<Step> steps,
        @Nullable String pool,
        List<Candidate> candidates,
        End end,
        String text) {

    public Foresight {
        steps = List.copyOf(steps);
        candidates = List.copyOf(candidates);
    }

    /**
     * Something that would be decided.
     *
     * @param what such as {@code protection guard} or {@code rule route}
     * @param result a word, such as {@code passes} or {@code answer}
     * @param detail null when there is nothing more to say
     */
    public record Step(String what, String result, @Nullable String detail) {}

    /** How it would end. */
    public enum End {
        /** A node would get it. */
        NODE,
        /** A rule would answer it. */
        ANSWER,
        /** It would be refused, or its connection cut. */
        REFUSED,
        /** It would get an error page. */
        ERROR,
        /** Nobody listens for it. */
        NOWHERE
    }
}
