package io.weir.control.managed;

import io.weir.config.BackupConfig;
import io.weir.config.Secret;
import io.weir.control.store.OwnerFiles;
import io.weir.control.store.Tree;

import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache.FileKey;
import org.eclipse.jgit.revwalk.ObjectWalk;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A copy of a history in another git repository: the branch of the revisions and, when there is a
 * passphrase, a branch with the secrets, sealed. Every method may wait for the network.
 */
final class OffSite {

    private static final String SECRETS = "refs/heads/secrets";
    private static final String SALT = "salt";
    private static final int TIMEOUT_SECONDS = 30;

    private final BackupConfig config;
    private final String remote;
    private final RandomGenerator random;

    private OffSite(BackupConfig config, String remote, RandomGenerator random) {
        this.config = config;
        this.remote = remote;
        this.random = random;
    }

    /** The copy that a configuration asks for; null for none. */
    static @Nullable OffSite of(BackupConfig config, RandomGenerator random) {
        String remote = config.remote();
        return remote == null ? null : new OffSite(config, remote, random);
    }

    /**
     * Brings the copy up to date.
     *
     * @param secrets the directory of the secrets
     * @param now for the commit of secrets
     */
    void push(Repository repository, Path secrets, Instant now) throws IOException {
        List<RemoteRefUpdate> updates = new ArrayList<>();
        Secret passphrase = config.passphrase();
        if (passphrase != null) {
            seal(repository, secrets, passphrase.reveal(), now);
            updates.add(update(repository, SECRETS));
        }
        // Last, so that no revision is there without its secrets.
        updates.add(update(repository, History.BRANCH));
        try (Transport transport = open(repository)) {
            PushResult result = transport.push(NullProgressMonitor.INSTANCE, updates);
            for (RemoteRefUpdate each : result.getRemoteUpdates()) {
                switch (each.getStatus()) {
                    case OK, UP_TO_DATE -> {}
                    case REJECTED_NONFASTFORWARD ->
                            throw new IOException(
                                    remote + " has revisions that are not from this store");
                    default ->
                            throw new IOException(
                                    remote
                                            + " refuses "
                                            + each.getRemoteName()
                                            + ": "
                                            + each.getStatus()
                                            + (each.getMessage() == null
                                                    ? ""
                                                    : " " + each.getMessage()));
                }
            }
        } catch (RuntimeException e) {
            throw new IOException("pushing to " + remote + " failed: " + e, e);
        }
    }

    private static RemoteRefUpdate update(Repository repository, String ref) throws IOException {
        return new RemoteRefUpdate(repository, ref, ref, false, null, null);
    }

    /** Fetches the copy into a repository that has nothing yet. */
    void fetch(Repository repository) throws IOException {
        checkIfLocal();
        try (Transport transport = open(repository)) {
            transport.fetch(
                    NullProgressMonitor.INSTANCE,
                    List.of(new RefSpec("+refs/heads/*:refs/heads/*")));
        } catch (IOException e) {
            throw new IOException(
                    "fetching from "
                            + remote
                            + " failed: "
                            + e.getMessage()
                            + " ('git fsck' there tells whether it is whole)",
                    e);
        } catch (RuntimeException e) {
            throw new IOException("fetching from " + remote + " failed: " + e, e);
        }
    }

    /**
     * Looks whether a copy on this machine has all of its objects. Of one that does not, JGit says
     * only that it is a server with an error, and prints a stack trace.
     */
    private void checkIfLocal() throws IOException {
        URIish address = address();
        File directory = address.isRemote() ? null : new File(address.getPath());
        File found = directory == null ? null : FileKey.resolve(directory, FS.DETECTED);
        if (found == null) {
            return;
        }
        try (Repository copy = new FileRepositoryBuilder().setGitDir(found).build();
                ObjectWalk walk = new ObjectWalk(copy)) {
            for (Ref ref : copy.getRefDatabase().getRefsByPrefix(Constants.R_HEADS)) {
                walk.markStart(walk.parseAny(ref.getObjectId()));
            }
            walk.checkConnectivity();
        } catch (MissingObjectException e) {
            throw new IOException(
                    remote
                            + " lacks the object "
                            + e.getObjectId().name()
                            + ", so it cannot be restored from: name an empty repository in"
                            + " global.backup.remote, to which all revisions are pushed again",
                    e);
        }
    }

    private Transport open(Repository repository) throws IOException {
        Transport transport = Transport.open(repository, address());
        transport.setTimeout(TIMEOUT_SECONDS);
        String user = config.user();
        Secret password = config.password();
        if (user != null || password != null) {
            transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(
                            user == null ? "" : user, password == null ? "" : password.reveal()));
        }
        return transport;
    }

    private URIish address() throws IOException {
        try {
            return new URIish(remote);
        } catch (URISyntaxException e) {
            throw new IOException("the remote " + remote + " is no URL: " + e.getMessage(), e);
        }
    }

    /** Adds the secrets that the branch lacks; one that is there never changes. */
    private void seal(Repository repository, Path secrets, String passphrase, Instant now)
            throws IOException {
        ObjectId head = repository.resolve(SECRETS);
        Map<String, byte[]> sealed = new TreeMap<>();
        if (head != null) {
            sealed.putAll(read(repository, head).files());
        }
        List<String> missing = new ArrayList<>();
        for (String name : names(secrets)) {
            if (!sealed.containsKey(name)) {
                missing.add(name);
            }
        }
        byte[] salt = sealed.get(SALT);
        if (missing.isEmpty() && salt != null) {
            return;
        }
        if (salt == null) {
            salt = new byte[SealedSecrets.SALT];
            random.nextBytes(salt);
            sealed.put(SALT, salt);
        }
        SealedSecrets seal = new SealedSecrets(passphrase, salt, random);
        for (String name : missing) {
            sealed.put(name, seal.seal(name, Files.readAllBytes(secrets.resolve(name))));
        }
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(Git.write(new Tree(sealed), inserter));
            if (head != null) {
                commit.setParentId(head);
            }
            PersonIdent weir = new PersonIdent("weir", "weir@weir", now, ZoneOffset.UTC);
            commit.setAuthor(weir);
            commit.setCommitter(weir);
            commit.setMessage("Secrets, sealed\n");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef(SECRETS);
            update.setNewObjectId(id);
            update.forceUpdate();
        }
    }

    /**
     * Unpacks the secrets of a fetched copy.
     *
     * @return the names of those that are there now
     */
    List<String> unseal(Repository repository, Path secrets) throws IOException {
        ObjectId head = repository.resolve(SECRETS);
        Secret passphrase = config.passphrase();
        if (head == null || passphrase == null) {
            return names(secrets);
        }
        Map<String, byte[]> sealed = new TreeMap<>(read(repository, head).files());
        byte[] salt = sealed.remove(SALT);
        if (salt != null) {
            OwnerFiles.directory(secrets);
            SealedSecrets seal = new SealedSecrets(passphrase.reveal(), salt, random);
            for (Map.Entry<String, byte[]> each : sealed.entrySet()) {
                if (!each.getKey().matches("[A-Za-z0-9_-]+")) {
                    throw new IOException("the copy has a secret named " + each.getKey());
                }
                OwnerFiles.write(
                        secrets.resolve(each.getKey()),
                        seal.open(each.getKey(), each.getValue()),
                        true);
            }
        }
        return names(secrets);
    }

    private static Tree read(Repository repository, ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectReader reader = walk.getObjectReader();
            return Git.read(reader, walk.parseCommit(commit).getTree().getId(), new HashSet<>());
        }
    }

    private static List<String> names(Path secrets) throws IOException {
        if (!Files.isDirectory(secrets)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(secrets)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
