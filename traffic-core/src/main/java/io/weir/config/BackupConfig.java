package io.weir.config;

import org.jspecify.annotations.Nullable;

/**
 * The copy of the managed store that is kept elsewhere.
 *
 * @param remote a bare git repository: a path, or a URL; null for no copy
 * @param user for remotes that ask who is there; null for nobody
 * @param password of that user; null for none
 * @param passphrase under which secrets are copied, too; null to leave them out
 */
public record BackupConfig(
        @Nullable String remote,
        @Nullable String user,
        @Nullable Secret password,
        @Nullable Secret passphrase) {

    /** No copy. */
    public static final BackupConfig OFF = new BackupConfig(null, null, null, null);
}
