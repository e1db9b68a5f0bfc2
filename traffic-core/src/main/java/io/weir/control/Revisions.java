package io.weir.control;

import io.weir.config.Overlay;
import io.weir.config.WeirConfig;
import io.weir.config.load.ConfigDocument;
import io.weir.event.EventBus;
import io.weir.event.EventTag;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The revisions of the desired configuration: how they come about and what they were. Reached
 * through {@link Control#revisions}. Safe for every thread but an event loop; every call may wait
 * for a change and for the disk. Where files own the configuration, there are no revisions to look
 * at, and calls are refused with a conflict.
 */
public final class Revisions {

    private static final Duration MAX_CONFIRM = Duration.ofDays(7);

    private final Core core;
    private final @Nullable ConfigStore store;
    private final EventBus events;
    private final Ticker ticker;

    /** How many faults of the store were told; guarded by the lock of core. */
    private int told;

    /** What kept the last backup from being made; guarded by the lock of core. */
    private @Nullable String backupTrouble;

    Revisions(Core core) {
        this.core = core;
        this.store = core.store;
        this.events = core.events;
        this.ticker = core.ticker;
    }

    /** What is asked of the store while nobody else changes anything. */
    @FunctionalInterface
    private interface Call<T> {
        T run(ConfigStore store) throws RefusedException;
    }

    private <T> T locked(Call<T> call) throws RefusedException {
        ConfigStore managed = store;
        if (managed == null) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "the configuration is owned by files ("
                                    + core.source.name()
                                    + "); only a managed one has revisions"));
        }
        core.lock.lock();
        try {
            return call.run(managed);
        } finally {
            core.lock.unlock();
        }
    }

    Desired desired(ControlState s) {
        ConfigDocument document = s.document();
        return new Desired(
                s.configuration().revision(),
                s.configuration().hash(),
                store == null ? Ownership.FILES : Ownership.MANAGED,
                document == null ? JsonNodeFactory.instance.objectNode() : document.json());
    }

    /** The files beside the desired configuration; none when files own it. Never waits. */
    public List<ConfigStore.StoredFile> files() {
        return store == null ? List.of() : store.files();
    }

    /**
     * The content of a file beside the desired configuration. Never waits.
     *
     * @return null when there is none, or when it is a secret
     */
    public byte @Nullable [] file(String path) {
        return store == null ? null : store.file(path);
    }

    /** The revision that waits to be confirmed; null when none does. Never waits. */
    public @Nullable Pending pending() {
        return store == null ? null : store.pending();
    }

    /** The latest revisions, the newest first, at most {@code max}. */
    public List<Revision> list(int max) throws RefusedException {
        return locked(managed -> managed.history(max));
    }

    /** What a revision says. */
    public RevisionContent at(long revision) throws RefusedException {
        return locked(managed -> managed.at(revision));
    }

    /** What is different between two revisions. */
    public Difference difference(long from, long to) throws RefusedException {
        return locked(managed -> managed.difference(from, to));
    }

    ChangeReport change(Change change, Author author) throws RefusedException {
        if (store == null) {
            throw new RefusedException(
                    Changes.ownedByFiles(change, core.state, core.source.name()));
        }
        return locked(
                managed -> {
                    Changes.validate(change);
                    return make(
                            managed,
                            () -> managed.propose(change.edits(), author.machine()),
                            change,
                            change.comment(),
                            author);
                });
    }

    /**
     * Goes back to what an earlier revision says, which makes a new revision.
     *
     * @param like how it is to be done; its edits and, when empty, its comment do not count
     * @throws RefusedException as {@link Control#change} does
     */
    public ChangeReport rollback(long revision, Change like, Author author)
            throws RefusedException {
        String comment =
                like.comment().isEmpty() ? "Go back to revision " + revision : like.comment();
        return core.audited(
                author,
                "rollback",
                List.of("revision " + revision),
                () ->
                        locked(
                                managed ->
                                        make(
                                                managed,
                                                () -> managed.propose(revision, author.machine()),
                                                like,
                                                comment,
                                                author)),
                report -> "revision " + report.revision());
    }

    /** Makes a proposal. */
    @FunctionalInterface
    private interface Proposer {
        ConfigStore.Proposal propose() throws RefusedException;
    }

    private ChangeReport make(
            ConfigStore managed, Proposer proposer, Change change, String comment, Author author)
            throws RefusedException {
        core.mustRun();
        Core.expect("configuration", change.base(), managed.revision());
        Pending pending = managed.pending();
        if (pending != null && !change.dryRun()) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "revision "
                                    + pending.revision()
                                    + " waits to be confirmed until "
                                    + pending.until()
                                    + "; confirm it first"));
        }
        try (ConfigStore.Proposal proposal = proposer.propose()) {
            ConfigSource.Candidate candidate = proposal.candidate();
            if (change.dryRun()) {
                return plan(candidate, change, managed.revision());
            }
            Instant confirmBy = confirmBy(change.confirmWithin());
            Overlay renamed = core.state.overlay().renamed(proposal.renames());
            List<NodeStep> steps =
                    change.decisions().isEmpty()
                            ? List.of()
                            : core.steps(
                                    change.decisions(),
                                    renamed,
                                    core.judged(candidate, change.allowShrink()),
                                    author);
            ReloadReport report =
                    core.put(
                            candidate,
                            change.allowShrink(),
                            steps.isEmpty() ? renamed : steps.getLast().after(),
                            author,
                            _ -> kept(proposal, author, comment, confirmBy));
            steps.forEach(step -> step.announce(core.overlaySaved, core.events));
            return new ChangeReport(
                    report.applied(), report.revision(), report.objects(), report.warnings());
        }
    }

    /** What cannot be kept is put back at once: the former configuration is to find its files. */
    private long kept(
            ConfigStore.Proposal proposal,
            Author author,
            String comment,
            @Nullable Instant confirmBy)
            throws IOException {
        try {
            return proposal.keep(author, comment, now(), confirmBy);
        } catch (IOException e) {
            proposal.close();
            throw e;
        }
    }

    private Instant now() {
        return ticker.now().truncatedTo(ChronoUnit.SECONDS); // as git keeps it
    }

    private @Nullable Instant confirmBy(@Nullable Duration within) throws RefusedException {
        if (within == null) {
            return null;
        }
        if (within.compareTo(Duration.ofSeconds(1)) < 0 || within.compareTo(MAX_CONFIRM) > 0) {
            throw new RefusedException(
                    new ControlProblem.Invalid(
                            "time to confirm", within.toString(), "one second to seven days"));
        }
        return ticker.now().truncatedTo(ChronoUnit.MILLIS).plus(within);
    }

    private ChangeReport plan(ConfigSource.Candidate candidate, Change change, long revision)
            throws RefusedException {
        WeirConfig config = core.judged(candidate, change.allowShrink());
        return new ChangeReport(
                false, revision, Plan.between(core.state.config(), config), candidate.problems());
    }

    /**
     * Has the pending revision stay.
     *
     * @param revision that is meant; null for whichever is pending
     * @throws RefusedException when none is pending, or another one
     */
    public Pending confirm(@Nullable Long revision, Author author) throws RefusedException {
        return core.audited(
                author,
                "confirm",
                revision == null ? List.of() : List.of("revision " + revision),
                () -> locked(managed -> confirm(managed, revision)),
                pending -> "revision " + pending.revision());
    }

    private static Pending confirm(ConfigStore managed, @Nullable Long revision)
            throws RefusedException {
        Pending pending = managed.pending();
        if (pending == null) {
            throw new RefusedException(
                    new ControlProblem.Conflict("no revision waits to be confirmed"));
        }
        Core.expect("pending change", revision, pending.revision());
        try {
            managed.confirm();
        } catch (IOException e) {
            throw new RefusedException(
                    new ControlProblem.Unavailable(
                            "the confirmation cannot be kept: " + e.getMessage()),
                    e);
        }
        return pending;
    }

    /** Says what the opening of the store has brought to light. */
    void announce() {
        if (store != null) {
            Pending undone = store.undone();
            if (undone != null) {
                events.emit(EventTag.CONFUNDONE, undone(undone));
            }
            tellFaults(store);
        }
    }

    /** Does what is due; the caller holds the lock. */
    void tick() {
        ConfigStore managed = store;
        if (managed == null) {
            return;
        }
        core.report("history", managed.settle());
        tellFaults(managed);
        backUp(managed);
        Pending pending = managed.pending();
        if (pending != null && !ticker.now().isBefore(pending.until())) {
            undo(managed, pending);
        }
    }

    private void backUp(ConfigStore managed) {
        String trouble = managed.backUp(core.state.config().global().backup());
        if (trouble != null && backupTrouble == null) {
            events.emit(EventTag.BACKUPFAILED, trouble + "; it is tried again");
        } else if (trouble == null && backupTrouble != null) {
            events.emit(EventTag.BACKUPOK, "the copy of the managed store is up to date again");
        }
        backupTrouble = trouble;
        core.report("backup", trouble);
    }

    /** Tries out what it would take to start from the copy elsewhere, and changes nothing. */
    public BackupDrill drill() throws RefusedException {
        ConfigStore managed = store;
        if (managed == null) {
            throw new RefusedException(
                    new ControlProblem.Conflict(
                            "the configuration is owned by files, so no copy of it is kept"));
        }
        // Not under the lock: the copy may be far away.
        return managed.drill(core.state.config().global().backup());
    }

    private void tellFaults(ConfigStore managed) {
        List<String> faults = managed.faults();
        for (String fault : faults.subList(told, faults.size())) {
            events.emit(EventTag.STOREDAMAGED, fault);
            core.report("store", fault);
        }
        told = faults.size();
    }

    private void undo(ConfigStore managed, Pending pending) {
        try (ConfigStore.Proposal proposal = managed.propose(pending.back(), true)) {
            String comment = "Revision " + pending.revision() + " was not confirmed in time";
            core.put(
                    proposal.candidate(),
                    true,
                    core.state.overlay().renamed(proposal.renames()),
                    Author.WEIR,
                    _ -> kept(proposal, Author.WEIR, comment, null));
            core.audit.accepted(Author.WEIR, "rollback", List.of(), comment);
            core.report("unconfirmed revision", null);
            events.emit(EventTag.CONFUNDONE, undone(pending));
        } catch (RefusedException e) {
            // The next tick tries again.
            core.report("unconfirmed revision", "cannot be undone: " + e.getMessage());
        }
    }

    private static String undone(Pending pending) {
        return "revision "
                + pending.revision()
                + " was not confirmed by "
                + pending.until()
                + "; what revision "
                + pending.back()
                + " says is in force again";
    }
}
