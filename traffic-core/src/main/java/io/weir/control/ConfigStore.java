package io.weir.control;

import io.weir.config.BackupConfig;
import io.weir.config.PoolRename;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * A desired configuration that Weir itself keeps. Called by one thread at a time, but for {@link
 * #revision}, {@link #pending}, {@link #files} and {@link #file}.
 */
public interface ConfigStore extends ConfigSource {

    /** Number of the revision that is kept; it only grows. */
    long revision();

    /** What was found wrong with the store when it was opened; empty when all was well. */
    List<String> faults();

    /** What was not confirmed in time and undone when the store was opened; null for nothing. */
    @Nullable Pending undone();

    /** The renames that take pools back to what they were called, with what was {@link #undone}. */
    List<PoolRename> undoneRenames();

    /**
     * What a change leads to. Nothing is kept until {@link Proposal#keep}; the proposal must be
     * closed before anything else is asked of the store.
     *
     * @param machine whether the author is trusted with the machine, see {@link Author#machine}
     * @throws RefusedException when an edit does not fit what is there, or is not for the author
     */
    Proposal propose(List<Edit> edits, boolean machine) throws RefusedException;

    /**
     * What going back to an earlier revision leads to; see {@link #propose(List, boolean)}.
     *
     * @throws RefusedException when there is no such revision, it cannot be read, or is not for the
     *     author
     */
    Proposal propose(long revision, boolean machine) throws RefusedException;

    /** The revision that waits to be confirmed; null when none does. */
    @Nullable Pending pending();

    /**
     * Has the pending revision stay.
     *
     * @throws IOException when the disk refuses; it is pending still
     */
    void confirm() throws IOException;

    /** The latest revisions, the newest first, at most {@code max}. */
    List<Revision> history(int max) throws RefusedException;

    /** What a revision says. */
    RevisionContent at(long revision) throws RefusedException;

    /** What is different between two revisions. */
    Difference difference(long from, long to) throws RefusedException;

    /**
     * Does what the start need not wait for, and what failed before: brings the history up to date.
     *
     * @return what is wrong with the history now, one clause; null when all is well
     */
    @Nullable String settle();

    /**
     * Sees to the copy elsewhere: begins to bring it up to date when it is not, and waits for
     * nothing.
     *
     * @return what kept the last attempt from it, one clause; null when there was none
     */
    @Nullable String backUp(BackupConfig config);

    /**
     * Tries out what it would take to start from the copy, and changes nothing.
     *
     * @throws RefusedException when there is no copy, or nothing could be started from it
     */
    BackupDrill drill(BackupConfig config) throws RefusedException;

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

        /** The pools that get other names by it, in this order. */
        List<PoolRename> renames();

        /**
         * Makes it the next revision. When this returns, it survives a power cut.
         *
         * @param confirmBy when it is to be undone unless confirmed; null for never
         * @return the number of the revision
         * @throws IOException when the disk refuses; the former revision stays
         */
        long keep(Author author, String comment, Instant time, @Nullable Instant confirmBy)
                throws IOException;

        @Override
        void close();
    }
}
