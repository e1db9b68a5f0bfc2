package io.weir.admin.users;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/** Where accounts are kept. Confined to one thread at a time. */
public interface AccountFile {

    /**
     * What was found.
     *
     * @param book null when nothing was ever kept
     * @param fault why the latest save could not be used; null when all is well
     */
    record Loaded(@Nullable AccountBook book, @Nullable String fault) {}

    /** The latest accounts that are whole. Never throws for what is on disk. */
    Loaded load();

    /**
     * Replaces what is kept; it survives a power cut at any byte.
     *
     * @throws IOException when the disk refuses; what was kept stays
     */
    void save(AccountBook book) throws IOException;
}
