package io.weir.control.managed;

import io.weir.config.PoolRename;
import io.weir.control.Author;
import io.weir.control.Revision;
import io.weir.control.store.RevisionFile.Kept;
import io.weir.control.store.Tree;

import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The revisions of a store as the commits of a git repository: each with its author, its comment
 * and, at the end of its message, what git has no place for. Safe for every thread.
 */
final class History implements AutoCloseable {

    /** The branch that holds the revisions. */
    static final String BRANCH = "refs/heads/main";

    private static final int MAX_OBJECTS = 50;
    private static final int MAX_STEPS_BACK = 1000;

    private static final String NUMBER = "Weir-Revision: ";
    private static final String CHANNEL = "Weir-Channel: ";
    private static final String FROM = "Weir-From: ";
    private static final String OBJECT = "Weir-Object: ";
    private static final String RENAME = "Weir-Pool-Renamed: ";

    private final Repository repository;
    private final List<String> faults;
    private @Nullable ObjectId head;
    private long number;
    private Tree tree;

    private History(Repository repository, List<String> faults) {
        this.repository = repository;
        this.faults = faults;
        this.tree = Tree.EMPTY;
    }

    /**
     * Opens the history, or begins one. What is damaged is left behind: the newest revision that is
     * whole becomes the last one, and when there is none, the damaged repository is moved to the
     * side.
     *
     * @param known id of a commit that may help to find the way back; empty for none
     */
    static History open(Path directory, String known) throws IOException {
        List<String> faults = new ArrayList<>();
        Set<ObjectId> damaged = new HashSet<>();
        String fault;
        try {
            History history = new History(Git.open(directory), faults);
            if (history.goBack(known, damaged)) {
                if (damaged.isEmpty()) {
                    return history;
                }
                String end = history.commit();
                history.close();
                Git.removeLoose(directory, damaged);
                History healed = new History(Git.open(directory), faults);
                if (healed.goBack(end, new HashSet<>())) {
                    return healed;
                }
                healed.close();
            } else {
                history.close();
            }
            fault = "no revision in it is whole";
        } catch (IOException | RuntimeException e) {
            fault = String.valueOf(e.getMessage());
        }
        Path aside = directory.resolveSibling(directory.getFileName() + ".damaged");
        Git.delete(aside);
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        faults.add(
                "the history is damaged ("
                        + fault
                        + "); it lies in "
                        + aside
                        + " now and a new one is begun");
        return new History(Git.open(directory), faults);
    }

    /** What was found wrong when it was opened. */
    List<String> faults() {
        return faults;
    }

    /** Number of the last revision; 0 when there is none. */
    synchronized long number() {
        return number;
    }

    /** Id of the last revision; empty when there is none. */
    synchronized String commit() {
        ObjectId id = head;
        return id == null ? "" : id.name();
    }

    /** The files of the last revision. */
    synchronized Tree tree() {
        return tree;
    }

    Repository repository() {
        return repository;
    }

    /**
     * Finds the newest whole revision.
     *
     * @param damaged gets what was found damaged on the way
     * @return false when there must be one and is not
     */
    private boolean goBack(String known, Set<ObjectId> damaged) throws IOException {
        ObjectId tip = null;
        String fault = null;
        try {
            tip = repository.resolve(BRANCH);
        } catch (IOException | RuntimeException e) {
            fault = String.valueOf(e.getMessage());
        }
        if (tip == null && known.isEmpty() && fault == null) {
            return true; // nothing was ever committed
        }
        for (ObjectId start : starts(tip, known)) {
            ObjectId at = start;
            for (int step = 0; at != null && step < MAX_STEPS_BACK; step++) {
                ObjectId parent = null;
                Set<ObjectId> here = new HashSet<>();
                try (RevWalk walk = new RevWalk(repository)) {
                    RevCommit commit = read(walk, at, here);
                    parent = commit.getParentCount() == 0 ? null : commit.getParent(0).getId();
                    adopt(walk.getObjectReader(), commit, here);
                    if (!at.equals(tip)) {
                        move(at);
                        faults.add(
                                "the end of the history is damaged"
                                        + (fault == null ? "" : " (" + fault + ")")
                                        + "; its last revision is "
                                        + number
                                        + " now");
                    }
                    return true;
                } catch (IOException | RuntimeException e) {
                    fault = String.valueOf(e.getMessage());
                    damaged.addAll(here);
                }
                at = parent;
            }
        }
        return false;
    }

    private static List<ObjectId> starts(@Nullable ObjectId tip, String known) {
        List<ObjectId> starts = new ArrayList<>();
        if (tip != null) {
            starts.add(tip);
        }
        if (ObjectId.isId(known)) {
            starts.add(ObjectId.fromString(known));
        }
        return starts;
    }

    private static RevCommit read(RevWalk walk, ObjectId id, Set<ObjectId> damaged)
            throws IOException {
        if (Git.checked(walk.getObjectReader(), id, Constants.OBJ_COMMIT, damaged) == null) {
            throw new IOException("the commit " + id.name() + " is damaged");
        }
        return walk.parseCommit(id);
    }

    private void adopt(ObjectReader reader, RevCommit commit, Set<ObjectId> damaged)
            throws IOException {
        Tree whole = Git.read(reader, commit.getTree().getId(), damaged);
        Revision revision = revision(commit);
        tree = whole;
        number = revision.number();
        head = commit.getId();
    }

    /**
     * Adds a revision.
     *
     * @throws IOException when the disk refuses; the history is as before
     */
    synchronized void add(Kept revision) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(Git.write(revision.tree(), inserter));
            ObjectId parent = head;
            if (parent != null) {
                commit.setParentId(parent);
            }
            PersonIdent author =
                    new PersonIdent(
                            revision.author(),
                            revision.channel() + "@weir",
                            revision.time(),
                            ZoneOffset.UTC);
            commit.setAuthor(author);
            commit.setCommitter(author);
            commit.setMessage(message(revision));
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            move(id);
            head = id;
            number = revision.number();
            tree = revision.tree();
        } catch (RuntimeException e) {
            throw new IOException("the history cannot be written: " + e, e);
        }
    }

    /** Nobody else moves the branch, so nothing that lies further back need be read for it. */
    private void move(ObjectId id) throws IOException {
        RefUpdate update = repository.updateRef(BRANCH);
        update.setNewObjectId(id);
        update.disableRefLog();
        RefUpdate.Result result = update.forceUpdate();
        switch (result) {
            case NEW, FAST_FORWARD, FORCED, NO_CHANGE -> {}
            default -> throw new IOException("the history cannot be moved on: " + result);
        }
    }

    private String message(Kept revision) {
        Set<String> objects = new TreeSet<>();
        for (String path : tree.differences(revision.tree())) {
            objects.add(path.endsWith(".yaml") ? path.substring(0, path.length() - 5) : path);
        }
        StringBuilder message = new StringBuilder();
        String comment = revision.comment().strip();
        message.append(comment.isEmpty() ? summary(objects) : comment).append("\n\n");
        message.append(NUMBER).append(revision.number()).append('\n');
        message.append(CHANNEL).append(revision.channel()).append('\n');
        message.append(FROM).append(line(revision.from())).append('\n');
        if (comment.isEmpty()) {
            message.append("Weir-Comment: none\n");
        }
        for (PoolRename rename : revision.renames()) {
            message.append(RENAME)
                    .append(URLEncoder.encode(rename.from(), StandardCharsets.UTF_8))
                    .append(' ')
                    .append(URLEncoder.encode(rename.to(), StandardCharsets.UTF_8))
                    .append('\n');
        }
        objects.stream()
                .limit(MAX_OBJECTS)
                .forEach(object -> message.append(OBJECT).append(object).append('\n'));
        return message.toString();
    }

    private static String summary(Set<String> objects) {
        return objects.isEmpty()
                ? "No difference"
                : "Change "
                        + String.join(", ", objects.stream().limit(3).toList())
                        + (objects.size() > 3 ? " and " + (objects.size() - 3) + " more" : "");
    }

    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /** Looks at a commit; false ends the walk. */
    @FunctionalInterface
    private interface Visitor {
        boolean visit(RevWalk walk, RevCommit commit) throws IOException;
    }

    /** Walks from the newest revision to the oldest, as far as the history is whole. */
    private void walk(Visitor visitor) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectId at = head;
            long last = 0;
            while (at != null) {
                RevCommit commit;
                try {
                    commit = walk.parseCommit(at);
                } catch (IOException | RuntimeException e) {
                    String fault =
                            "the history before revision "
                                    + last
                                    + " is damaged: "
                                    + e.getMessage();
                    if (!faults.contains(fault)) {
                        faults.add(fault);
                    }
                    return;
                }
                last = revision(commit).number();
                if (!visitor.visit(walk, commit)) {
                    return;
                }
                at = commit.getParentCount() == 0 ? null : commit.getParent(0).getId();
            }
        }
    }

    /** The latest revisions, the newest first. */
    synchronized List<Revision> list(int max) throws IOException {
        List<Revision> list = new ArrayList<>();
        if (max > 0) {
            walk(
                    (_, commit) -> {
                        list.add(revision(commit));
                        return list.size() < max;
                    });
        }
        return list;
    }

    /** The files of a revision; null when there is no such revision. */
    synchronized @Nullable Tree tree(long wanted) throws IOException {
        if (wanted == number && head != null) {
            return tree;
        }
        List<Tree> found = new ArrayList<>();
        walk(
                (walk, commit) -> {
                    long at = revision(commit).number();
                    if (at == wanted) {
                        found.add(
                                Git.read(
                                        walk.getObjectReader(),
                                        commit.getTree().getId(),
                                        new HashSet<>()));
                    }
                    return at > wanted;
                });
        return found.isEmpty() ? null : found.getFirst();
    }

    /** The pools that got other names after a revision, in this order. */
    synchronized List<PoolRename> renamesSince(long since) throws IOException {
        List<PoolRename> renames = new ArrayList<>();
        walk(
                (_, commit) -> {
                    boolean later = revision(commit).number() > since;
                    if (later) {
                        renames.addAll(0, renames(commit));
                    }
                    return later;
                });
        return renames;
    }

    private static List<PoolRename> renames(RevCommit commit) {
        return ours(commit.getFullMessage().stripTrailing())
                .filter(line -> line.startsWith(RENAME))
                .map(line -> line.substring(RENAME.length()).split(" ", 2))
                .filter(names -> names.length == 2)
                .map(
                        names ->
                                new PoolRename(
                                        URLDecoder.decode(names[0], StandardCharsets.UTF_8),
                                        URLDecoder.decode(names[1], StandardCharsets.UTF_8)))
                .toList();
    }

    /** The lines of the last paragraph of a message. */
    private static Stream<String> ours(String message) {
        return message.substring(Math.max(message.lastIndexOf("\n\n"), 0)).strip().lines();
    }

    /** A commit read back; what stands in its last paragraph is ours. */
    private static Revision revision(RevCommit commit) throws IOException {
        String message = commit.getFullMessage().stripTrailing();
        int paragraph = message.lastIndexOf("\n\n");
        String comment = paragraph < 0 ? "" : message.substring(0, paragraph);
        long number = -1;
        String channel = "weir";
        String from = "";
        List<String> objects = new ArrayList<>();
        for (String line : ours(message).toList()) {
            if (line.startsWith(NUMBER)) {
                number = Long.parseLong(line.substring(NUMBER.length()));
            } else if (line.startsWith(CHANNEL)) {
                channel = line.substring(CHANNEL.length());
            } else if (line.startsWith(FROM)) {
                from = line.substring(FROM.length());
            } else if (line.startsWith(OBJECT)) {
                objects.add(line.substring(OBJECT.length()));
            } else if (line.equals("Weir-Comment: none")) {
                comment = "";
            }
        }
        if (number < 0) {
            throw new IOException("the commit " + commit.name() + " is none of Weir's");
        }
        PersonIdent author = commit.getAuthorIdent();
        return new Revision(
                number,
                commit.name(),
                new Author(
                        author.getName(),
                        Author.Channel.valueOf(channel.replace('-', '_').toUpperCase(Locale.ROOT)),
                        from),
                author.getWhenAsInstant(),
                comment,
                objects);
    }

    @Override
    public void close() {
        repository.close();
    }
}
