package io.weir.control;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * A desired configuration that Weir itself keeps. Called by one thread at a time, but for {@link
 * #files} and {@link #file}.
 */
public interface ConfigStore extends ConfigSource {

    /** Number of the revision that is kept; it only grows. */
    long revision();

    /** What was found wrong with the store when it was opened; empty when all was well. */
    List<String> faults();

    /**
     * What a change leads to. Nothing is kept until {@link Proposal#keep}; the proposal must be
     * closed before anything else is asked of the store.
     *
     * @throws RefusedException when an edit does not fit what is there
     */
    Proposal propose(List<Edit> edits) throws RefusedException;

    /** The files beside the document, sorted. */
    List<StoredFile> files();

    /**
     * The content of a file beside the document.
     *
     * @return null when there is none of this name; a secret one is never given
     */
    byte @Nullable [] file(String path);

    /**
     * A file beside the document.
     *
     * @param path relative, with slashes
     * @param secret whether its content is kept apart and not given
     */
    record StoredFile(String path, boolean secret) {}

    /** A change thought through. Closing it without having kept it puts everything back. */
    interface Proposal extends AutoCloseable {

        /** The configuration with the change made. */
        Candidate candidate();

        /**
         * Makes it the next revision. When this returns, it survives a power cut.
         *
         * @return the number of the revision
         * @throws IOException when the disk refuses; the former revision stays
         */
        long keep(Author author, String comment, Instant time) throws IOException;

        @Override
        void close();
    }
}
