package io.weir.control.managed;

import io.weir.config.PoolRename;
import io.weir.control.Author;
import io.weir.control.Pending;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.control.store.OwnerFiles;
import io.weir.control.store.RevisionFile;
import io.weir.control.store.RevisionFile.Kept;
import io.weir.control.store.Tree;
import io.weir.time.Ticker;

import org.eclipse.jgit.api.errors.GitAPIException;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where revisions are kept:
 *
 * <pre>
 * current       the revision in force, whole or not at all; current.1 is the one before
 * fallback      the revision that comes back when the one in force is not confirmed
 * history.git   every revision, a commit each
 * secrets/      secrets and private keys, a file each
 * tree/         the files of the revision in force, made anew at each start
 * </pre>
 *
 * {@code current} decides: it is written first, and a revision that the history lacks is added to
 * it later. The history helps out when {@code current} is damaged. Confined to one thread at a
 * time, but for {@link #history}.
 */
final class Shelf {

    /** Revisions after which the history is packed. */
    private static final int PACK_AFTER = 500;

    private final Path directory;
    private final Ticker ticker;
    private final RevisionFile current;
    private final RevisionFile fallback;
    private final List<String> faults = new ArrayList<>();
    private final AtomicBoolean packing = new AtomicBoolean();

    private volatile @Nullable History history;
    private @Nullable Pending undone;
    private List<PoolRename> undoneRenames = List.of();
    private int unpacked;

    Shelf(Path directory, Ticker ticker) {
        this.directory = directory.toAbsolutePath().normalize();
        this.ticker = ticker;
        this.current = new RevisionFile(directory, "current");
        this.fallback = new RevisionFile(directory, "fallback");
    }

    Path directory() {
        return directory;
    }

    String name() {
        return "the managed store " + directory;
    }

    List<String> faults() {
        List<String> all = new ArrayList<>(faults);
        History opened = history;
        if (opened != null) {
            opened.faults().forEach(fault -> all.add(name() + ": " + fault));
        }
        return all;
    }

    /** What was not confirmed in time while no Weir ran; null when nothing was. */
    @Nullable Pending undone() {
        return undone;
    }

    /** The pools that got their former names back with it. */
    List<PoolRename> undoneRenames() {
        return undoneRenames;
    }

    /**
     * The revision to start with: the latest one that is whole.
     *
     * @throws IOException when there was one and none is left
     */
    Kept open() throws IOException {
        OwnerFiles.directory(directory);
        RevisionFile.Found found = current.load();
        Kept revision = found.revision();
        boolean sound = revision != null && found.fault() == null;
        if (found.fault() != null) {
            faults.add(name() + " is damaged: " + found.fault());
        }
        if (!sound) {
            revision = newest(revision);
        }
        if (revision == null) {
            if (found.fault() != null) {
                throw new IOException(found.fault() + ", and there is no history to help out");
            }
            revision = empty();
        } else if (!sound) {
            current.save(revision);
        }
        return undoneInTime(revision);
    }

    private static Kept empty() {
        try {
            Tree tree = new Tree(Layout.files(JsonNodeFactory.instance.objectNode()));
            return new Kept(0, "weir", "weir", "", Instant.EPOCH, "", "", null, 0, List.of(), tree);
        } catch (RefusedException e) {
            throw new IllegalStateException("an empty document has no names", e);
        }
    }

    /** The last revision of the history, if that is newer than the one given. */
    private @Nullable Kept newest(@Nullable Kept known) throws IOException {
        if (!Files.isDirectory(historyDirectory())) {
            return known;
        }
        History opened = openHistory(known == null ? "" : known.parent());
        if (opened.number() == 0 || (known != null && known.number() >= opened.number())) {
            return known;
        }
        Revision last = opened.list(1).getFirst();
        return new Kept(
                last.number(),
                last.author().name(),
                last.author().channel().keyword(),
                last.author().from(),
                last.time(),
                last.comment(),
                opened.commit(),
                null,
                0,
                List.of(), // The history knows them.
                opened.tree());
    }

    private Kept undoneInTime(Kept revision) throws IOException {
        Pending pending = pending(revision);
        if (pending == null || ticker.now().isBefore(pending.until())) {
            return revision;
        }
        settle(revision);
        Kept before = fallback.load().revision();
        Tree tree =
                before != null && before.number() == pending.back()
                        ? before.tree()
                        : openHistory(revision.parent()).tree(pending.back());
        if (tree == null) {
            faults.add(name() + " cannot undo revision " + revision.number() + ": it is damaged");
            return revision;
        }
        Kept next =
                next(
                        revision,
                        Author.WEIR,
                        "Revision " + revision.number() + " was not confirmed in time",
                        ticker.now(),
                        null,
                        PoolRename.undoing(revision.renames()),
                        tree);
        save(next);
        undone = pending;
        undoneRenames = next.renames();
        return next;
    }

    /** The revision that is to follow, not yet kept. */
    Kept next(
            Kept before,
            Author author,
            String comment,
            Instant time,
            @Nullable Instant confirmBy,
            List<PoolRename> renames,
            Tree tree)
            throws IOException {
        History past = history;
        long number = Math.max(before.number(), past == null ? 0 : past.number()) + 1;
        if (confirmBy != null) {
            fallback.save(before);
        }
        return new Kept(
                number,
                author.name(),
                author.channel().keyword(),
                author.from(),
                time,
                comment,
                past == null ? "" : past.commit(),
                confirmBy,
                confirmBy == null ? 0 : before.number(),
                renames,
                tree);
    }

    /** Has a revision survive a power cut. */
    void save(Kept revision) throws IOException {
        current.save(revision);
    }

    /** What waits to be confirmed; null when nothing does. */
    static @Nullable Pending pending(Kept revision) {
        Instant until = revision.confirmBy();
        return until == null ? null : new Pending(revision.number(), revision.back(), until);
    }

    /** The history, opened before. */
    History history() throws IOException {
        History opened = history;
        return opened == null ? openHistory("") : opened;
    }

    private synchronized History openHistory(String known) throws IOException {
        History opened = history;
        if (opened == null) {
            opened = History.open(historyDirectory(), known);
            history = opened;
        }
        return opened;
    }

    /**
     * The history without objects that a crash has cut short: they would be in the way for ever.
     */
    private synchronized History healed(History damaged, String known) throws IOException {
        damaged.close();
        history = null;
        Git.removeDamagedLoose(historyDirectory());
        return openHistory(known);
    }

    private Path historyDirectory() {
        return directory.resolve("history.git");
    }

    /** Adds the present revision to the history if it is not there; tells what keeps it from it. */
    @Nullable String settle(Kept present) {
        try {
            History opened = openHistory(present.parent());
            if (opened.number() < present.number()) {
                try {
                    opened.add(present);
                } catch (IOException e) {
                    opened = healed(opened, present.parent());
                    opened.add(present);
                }
                unpacked++;
            }
            if (unpacked >= PACK_AFTER && packing.compareAndSet(false, true)) {
                unpacked = 0;
                History packed = opened;
                Thread.ofVirtual().name("store-pack").start(() -> pack(packed));
            }
            return null;
        } catch (IOException e) {
            return "the history of " + name() + " cannot be written: " + e.getMessage();
        }
    }

    /** Removes a directory that is of no more use; what cannot be removed stays until next time. */
    void forget(Path place) {
        try {
            Git.delete(place);
        } catch (IOException e) {
            faults.add(place + " cannot be removed: " + e.getMessage());
        }
    }

    /** Loose objects are good for a start, but each takes a block of the disk. */
    private void pack(History of) {
        try {
            new org.eclipse.jgit.api.Git(of.repository()).gc().call();
        } catch (GitAPIException | RuntimeException e) {
            // Nothing is lost; the next time comes.
        } finally {
            packing.set(false);
        }
    }
}
