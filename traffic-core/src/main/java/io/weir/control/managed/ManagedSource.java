package io.weir.control.managed;

import io.weir.config.BackupConfig;
import io.weir.config.PoolRename;
import io.weir.config.load.ConfigDocument;
import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.KeptConfig;
import io.weir.control.Author;
import io.weir.control.BackupDrill;
import io.weir.control.ConfigStore;
import io.weir.control.ControlProblem;
import io.weir.control.Difference;
import io.weir.control.Edit;
import io.weir.control.Pending;
import io.weir.control.RefusedException;
import io.weir.control.Revision;
import io.weir.control.RevisionContent;
import io.weir.control.store.OwnerFiles;
import io.weir.control.store.RevisionFile.Kept;
import io.weir.control.store.Tree;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The managed store in a directory of its own; {@link Shelf} says what lies in it. Opened by the
 * first {@link #read}, when the caller holds the directory's lock. The history is opened later,
 * because traffic need not wait for it.
 */
public final class ManagedSource implements ConfigStore {

    private final Environment environment;
    private final RandomGenerator random;
    private final Ticker ticker;
    private final SecretFiles secrets;
    private final WorkTree work;
    private final Shelf shelf;
    private final Backups backups;

    /** Null until the store is opened. Written by one thread at a time, read by anybody. */
    private volatile @Nullable Kept current;

    /** The document of {@link #current}; null when it is to be read first. */
    private @Nullable ObjectNode document;

    /**
     * @param directory is made when it is missing
     * @param variables for {@code ${env:NAME}}
     * @param random for names that cannot be guessed
     */
    public ManagedSource(
            Path directory, Map<String, String> variables, RandomGenerator random, Ticker ticker) {
        this.secrets = new SecretFiles(directory.resolve("secrets"), random);
        this.environment = new Environment(variables, secrets.directory());
        this.work = new WorkTree(directory.resolve("tree"), secrets);
        this.random = random;
        this.ticker = ticker;
        this.shelf = new Shelf(directory, ticker);
        this.backups = new Backups(secrets.directory(), random, ticker);
    }

    @Override
    public String name() {
        return shelf.name();
    }

    @Override
    public long revision() {
        return opened().number();
    }

    @Override
    public List<String> faults() {
        return shelf.faults();
    }

    @Override
    public @Nullable Pending undone() {
        return shelf.undone();
    }

    @Override
    public List<PoolRename> undoneRenames() {
        opened();
        return shelf.undoneRenames();
    }

    @Override
    public @Nullable Pending pending() {
        return Shelf.pending(opened());
    }

    @Override
    public Candidate read() {
        opened();
        return load();
    }

    @Override
    public Candidate restore(KeptConfig kept) {
        return read();
    }

    private Kept opened() {
        Kept present = current;
        if (present == null) {
            try {
                present = shelf.open();
                work.clear();
                work.become(present.tree());
            } catch (IOException e) {
                throw new UncheckedIOException(name() + " cannot be used: " + e.getMessage(), e);
            }
            current = present;
        }
        return present;
    }

    private Candidate load() {
        Candidate all =
                Candidate.of(ConfigLoader.load(work.directory().resolve(Layout.MAIN), environment));
        // What lies in the store changes by nobody else's hand.
        List<Path> watched =
                all.watched().stream()
                        .filter(path -> !path.toAbsolutePath().startsWith(shelf.directory()))
                        .toList();
        return new Candidate(
                all.config(), all.problems(), watched, all.hash(), all.kept(), all.document());
    }

    @Override
    public Proposal propose(List<Edit> edits, boolean machine) throws RefusedException {
        Kept before = ready();
        ObjectNode known = document;
        if (known == null) {
            known = document(before.tree());
            document = known;
        }
        Draft draft = new Draft(known, before.tree(), secrets, machine);
        Proposed proposal = new Proposed(before, draft.addedSecrets(), renames(edits));
        try {
            for (Edit edit : edits) {
                draft.apply(edit);
            }
            proposal.prepare(draft.tree());
            return proposal;
        } catch (IOException e) {
            proposal.close();
            throw unkept(e);
        } catch (RefusedException | RuntimeException e) {
            proposal.close();
            throw e;
        }
    }

    @Override
    public Proposal propose(long revision, boolean machine) throws RefusedException {
        Kept before = ready();
        Tree tree = tree(revision);
        if (!machine) {
            new Reach(document(before.tree()), before.tree()).checkReserved(document(tree), tree);
        }
        Proposed proposal = new Proposed(before, List.of(), renamesBack(revision));
        try {
            proposal.prepare(tree);
            return proposal;
        } catch (IOException e) {
            proposal.close();
            throw unkept(e);
        }
    }

    private static List<PoolRename> renames(List<Edit> edits) {
        List<PoolRename> renames = new ArrayList<>();
        for (Edit edit : edits) {
            if (edit instanceof Edit.Rename(String section, String from, String to)
                    && section.equals("pools")) {
                renames.add(new PoolRename(from, to));
            }
        }
        return renames;
    }

    private List<PoolRename> renamesBack(long revision) throws RefusedException {
        try {
            return PoolRename.undoing(shelf.history().renamesSince(revision));
        } catch (IOException e) {
            throw unread(e);
        }
    }

    /** The present revision, once all before it is history. */
    private Kept ready() throws RefusedException {
        Kept present = opened();
        String trouble = settle();
        if (trouble != null) {
            throw unkept(new IOException(trouble));
        }
        return present;
    }

    @Override
    public void confirm() throws IOException {
        Kept confirmed = opened().confirmed();
        shelf.save(confirmed);
        current = confirmed;
    }

    @Override
    public @Nullable String settle() {
        return shelf.settle(opened());
    }

    @Override
    public @Nullable String backUp(BackupConfig config) {
        opened();
        try {
            History history = shelf.history();
            return backups.look(history.repository(), history.commit(), config);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    @Override
    public BackupDrill drill(BackupConfig config) throws RefusedException {
        Kept present = opened();
        Path place = shelf.directory().resolve("drill");
        synchronized (backups) {
            try {
                Git.delete(place);
                long begin = ticker.nanos();
                Restore.Restored restored = Restore.from(config, place, random);
                for (String name : restored.missingSecrets()) {
                    Path own = secrets.directory().resolve(name);
                    if (Files.exists(own)) {
                        OwnerFiles.directory(place.resolve("secrets"));
                        Files.copy(own, place.resolve("secrets").resolve(name));
                    }
                }
                ManagedSource copy =
                        new ManagedSource(place, environment.variables(), random, ticker);
                Candidate candidate = copy.read();
                if (candidate.config() == null) {
                    throw new RefusedException(
                            new ControlProblem.BadConfiguration("the copy", candidate.problems()));
                }
                Duration recovery = Duration.ofNanos(ticker.nanos() - begin);
                return new BackupDrill(
                        loss(present, restored.revision()),
                        recovery,
                        restored.revision(),
                        present.number(),
                        restored.missingSecrets());
            } catch (IOException | UncheckedIOException e) {
                throw new RefusedException(
                        new ControlProblem.Unavailable(
                                "nothing can be started from the copy: " + e.getMessage()),
                        e);
            } finally {
                shelf.forget(place);
            }
        }
    }

    /** The age of the oldest revision after {@code last}. */
    private Duration loss(Kept present, long last) throws IOException {
        int lacking = (int) Math.min(present.number() - last, Integer.MAX_VALUE);
        List<Revision> newer = lacking <= 0 ? List.of() : shelf.history().list(lacking);
        return newer.isEmpty()
                ? Duration.ZERO
                : Duration.between(newer.getLast().time(), ticker.now());
    }

    @Override
    public List<Revision> history(int max) throws RefusedException {
        ready();
        try {
            return shelf.history().list(max);
        } catch (IOException e) {
            throw unread(e);
        }
    }

    @Override
    public RevisionContent at(long revision) throws RefusedException {
        ready();
        Tree tree = tree(revision);
        return new RevisionContent(revision, document(tree), tree.files());
    }

    @Override
    public Difference difference(long from, long to) throws RefusedException {
        ready();
        Tree before = tree(from);
        Tree after = tree(to);
        try {
            return new Difference(
                    from,
                    to,
                    Difference.keys(document(before), document(after)),
                    Git.difference(before, after));
        } catch (IOException e) {
            throw unread(e);
        }
    }

    private Tree tree(long revision) throws RefusedException {
        Tree tree;
        try {
            tree = shelf.history().tree(revision);
        } catch (IOException e) {
            throw unread(e);
        }
        if (tree == null) {
            throw new RefusedException(
                    new ControlProblem.NotFound(
                            "revision", String.valueOf(revision), "the history", null));
        }
        return tree;
    }

    private static ObjectNode document(Tree tree) {
        Map<String, String> texts = new LinkedHashMap<>();
        tree.files()
                .forEach(
                        (path, content) -> {
                            if (Layout.isDocument(path)) {
                                texts.put(path, new String(content, StandardCharsets.UTF_8));
                            }
                        });
        return ConfigDocument.read(texts).json();
    }

    @Override
    public List<StoredFile> files() {
        List<StoredFile> list = new ArrayList<>();
        opened().tree()
                .files()
                .forEach(
                        (path, content) -> {
                            if (!Layout.isDocument(path)) {
                                list.add(
                                        new StoredFile(path, SecretFiles.pointed(content) != null));
                            }
                        });
        return list;
    }

    @Override
    public byte @Nullable [] file(String path) {
        byte[] content = Layout.isDocument(path) ? null : opened().tree().get(path);
        return content == null || SecretFiles.pointed(content) != null ? null : content.clone();
    }

    private static RefusedException unkept(IOException e) {
        return new RefusedException(
                new ControlProblem.Unavailable("the change cannot be kept: " + e.getMessage()), e);
    }

    private static RefusedException unread(IOException e) {
        return new RefusedException(
                new ControlProblem.Unavailable("the history cannot be read: " + e.getMessage()), e);
    }

    /** A change whose files lie in the work tree. */
    private final class Proposed implements Proposal {

        private final Kept before;
        private final List<String> addedSecrets;
        private final List<PoolRename> renames;
        private Tree tree;
        private @Nullable Candidate candidate;
        private boolean kept;

        Proposed(Kept before, List<String> addedSecrets, List<PoolRename> renames) {
            this.before = before;
            this.addedSecrets = addedSecrets;
            this.renames = renames;
            this.tree = before.tree();
        }

        void prepare(Tree next) throws IOException {
            tree = next;
            work.become(next);
        }

        @Override
        public Candidate candidate() {
            Candidate loaded = candidate;
            if (loaded == null) {
                loaded = load();
                candidate = loaded;
            }
            return loaded;
        }

        @Override
        public List<PoolRename> renames() {
            return renames;
        }

        @Override
        public long keep(Author author, String comment, Instant time, @Nullable Instant confirmBy)
                throws IOException {
            if (tree.equals(before.tree())) {
                return before.number();
            }
            Kept next = shelf.next(before, author, comment, time, confirmBy, renames, tree);
            shelf.save(next);
            kept = true;
            current = next;
            document = null;
            shelf.settle(next);
            return next.number();
        }

        @Override
        public void close() {
            if (kept) {
                return;
            }
            try {
                work.become(before.tree());
                for (String name : addedSecrets) {
                    secrets.delete(name);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
