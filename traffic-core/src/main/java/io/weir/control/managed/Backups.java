package io.weir.control.managed;

import io.weir.config.BackupConfig;
import io.weir.time.Ticker;

import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Keeps the copy elsewhere up to date, on a thread of its own, one push at a time. Confined to one
 * thread at a time, but for that thread.
 */
final class Backups {

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Path secrets;
    private final RandomGenerator random;
    private final Ticker ticker;

    private BackupConfig config = BackupConfig.OFF;
    private String pushed = "";
    private @Nullable Attempt attempt;
    private @Nullable String trouble;
    private long failedAt;

    /** A push, and what came of it. */
    private static final class Attempt {
        final String commit;
        volatile boolean over;
        volatile @Nullable String trouble;

        Attempt(String commit) {
            this.commit = commit;
        }
    }

    Backups(Path secrets, RandomGenerator random, Ticker ticker) {
        this.secrets = secrets;
        this.random = random;
        this.ticker = ticker;
    }

    /**
     * Looks whether the copy is behind, and begins to push if so.
     *
     * @param commit id of the last revision; empty when there is none
     * @return what kept the last attempt from it; null when nothing did
     */
    @Nullable String look(Repository repository, String commit, BackupConfig wanted) {
        if (!wanted.equals(config)) {
            config = wanted;
            pushed = "";
            trouble = null;
        }
        Attempt last = attempt;
        if (last != null) {
            if (!last.over) {
                return trouble;
            }
            attempt = null;
            trouble = last.trouble;
            if (trouble == null) {
                pushed = last.commit;
            } else {
                failedAt = ticker.nanos();
            }
        }
        OffSite copy = OffSite.of(config, random);
        if (copy == null || commit.isEmpty() || commit.equals(pushed)) {
            return copy == null ? null : trouble;
        }
        if (trouble == null || ticker.nanos() - failedAt >= PAUSE.toNanos()) {
            Attempt next = new Attempt(commit);
            attempt = next;
            Thread.ofVirtual().name("store-backup").start(() -> push(copy, repository, next));
        }
        return trouble;
    }

    private void push(OffSite copy, Repository repository, Attempt attempt) {
        try {
            copy.push(repository, secrets, ticker.now());
        } catch (IOException | RuntimeException e) {
            attempt.trouble = "the copy of the managed store is not up to date: " + e.getMessage();
        } finally {
            attempt.over = true;
        }
    }
}
