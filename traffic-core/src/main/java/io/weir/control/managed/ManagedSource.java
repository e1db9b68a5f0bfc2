package io.weir.control.managed;

import io.weir.config.load.ConfigLoader;
import io.weir.config.load.Environment;
import io.weir.config.load.Loaded;
import io.weir.control.Author;
import io.weir.control.ConfigStore;
import io.weir.control.ControlProblem;
import io.weir.control.Edit;
import io.weir.control.RefusedException;
import io.weir.control.store.OwnerFiles;
import io.weir.control.store.RevisionFile;
import io.weir.control.store.RevisionFile.Revision;
import io.weir.control.store.Tree;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The managed store in a directory of its own:
 *
 * <pre>
 * current     the revision in force, whole or not at all; current.1 is the one before
 * secrets/    secrets and private keys, a file each
 * tree/       the files of the revision, made anew at each start
 * </pre>
 *
 * Opened by the first {@link #read}, when the caller holds the directory's lock.
 */
public final class ManagedSource implements ConfigStore {

    private final Path directory;
    private final Environment environment;
    private final SecretFiles secrets;
    private final WorkTree work;
    private final RevisionFile file;
    private final List<String> faults = new ArrayList<>();

    /** Null until the store is opened. Written by one thread at a time, read by anybody. */
    private volatile @Nullable Revision current;

    /** The document of {@link #current}; null when it is to be read first. */
    private @Nullable ObjectNode document;

    /**
     * @param directory is made when it is missing
     * @param variables for {@code ${env:NAME}}
     * @param random for names that cannot be guessed
     */
    public ManagedSource(Path directory, Map<String, String> variables, RandomGenerator random) {
        this.directory = directory;
        this.secrets = new SecretFiles(directory.resolve("secrets"), random);
        this.environment = new Environment(variables, secrets.directory());
        this.work = new WorkTree(directory.resolve("tree"), secrets);
        this.file = new RevisionFile(directory, "current");
    }

    @Override
    public String name() {
        return "the managed store " + directory;
    }

    @Override
    public long revision() {
        return opened().number();
    }

    @Override
    public List<String> faults() {
        return List.copyOf(faults);
    }

    @Override
    public Candidate read() {
        opened();
        return load();
    }

    @Override
    public Candidate restore(String canonical) {
        return read();
    }

    private Revision opened() {
        Revision present = current;
        if (present == null) {
            try {
                present = open();
            } catch (IOException e) {
                throw new UncheckedIOException(name() + " cannot be used: " + e.getMessage(), e);
            }
            current = present;
        }
        return present;
    }

    private Revision open() throws IOException {
        OwnerFiles.directory(directory);
        RevisionFile.Found found = file.load();
        if (found.fault() != null) {
            faults.add(name() + " is damaged: " + found.fault());
        }
        Revision revision = found.revision();
        if (revision == null) {
            try {
                Tree empty = new Tree(Layout.files(JsonNodeFactory.instance.objectNode()));
                revision = new Revision(0, "weir", "weir", "", Instant.EPOCH, "", empty);
            } catch (RefusedException e) {
                throw new IllegalStateException("an empty document has no names", e);
            }
        }
        work.clear();
        work.become(revision.tree());
        return revision;
    }

    private Candidate load() {
        Loaded loaded = ConfigLoader.load(work.directory().resolve(Layout.MAIN), environment);
        Candidate all = Candidate.of(loaded);
        // What lies in the store changes by nobody else's hand.
        List<Path> watched =
                all.watched().stream()
                        .filter(path -> !path.toAbsolutePath().startsWith(directory))
                        .toList();
        return new Candidate(
                all.config(), all.problems(), watched, all.hash(), all.canonical(), all.document());
    }

    private ObjectNode document() {
        ObjectNode known = document;
        if (known == null) {
            known =
                    ConfigLoader.load(work.directory().resolve(Layout.MAIN), environment)
                            .document()
                            .json();
            document = known;
        }
        return known;
    }

    @Override
    public Proposal propose(List<Edit> edits) throws RefusedException {
        Revision before = opened();
        Draft draft = new Draft(document(), before.tree(), secrets);
        Proposed proposal = new Proposed(before, draft);
        try {
            for (Edit edit : edits) {
                draft.apply(edit);
            }
            proposal.prepare(draft.tree());
            return proposal;
        } catch (IOException e) {
            proposal.close();
            throw new RefusedException(
                    new ControlProblem.Unavailable("the change cannot be kept: " + e.getMessage()),
                    e);
        } catch (RefusedException | RuntimeException e) {
            proposal.close();
            throw e;
        }
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

    /** A change whose files lie in the work tree. */
    private final class Proposed implements Proposal {

        private final Revision before;
        private final Draft draft;
        private @Nullable Tree tree;
        private @Nullable Candidate candidate;
        private boolean kept;

        Proposed(Revision before, Draft draft) {
            this.before = before;
            this.draft = draft;
        }

        void prepare(Tree next) throws IOException {
            tree = next;
            work.become(next);
            candidate = load();
        }

        @Override
        public Candidate candidate() {
            return java.util.Objects.requireNonNull(candidate, "not prepared");
        }

        @Override
        public long keep(Author author, String comment, Instant time) throws IOException {
            Revision next =
                    new Revision(
                            before.number() + 1,
                            author.name(),
                            author.channel().keyword(),
                            author.from(),
                            time,
                            comment,
                            java.util.Objects.requireNonNull(tree, "not prepared"));
            file.save(next);
            kept = true;
            current = next;
            document = null;
            return next.number();
        }

        @Override
        public void close() {
            if (kept) {
                return;
            }
            try {
                work.become(before.tree());
                for (String name : draft.addedSecrets()) {
                    secrets.delete(name);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
