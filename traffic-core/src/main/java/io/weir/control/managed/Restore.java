package io.weir.control.managed;

import io.weir.config.BackupConfig;
import io.weir.control.store.OwnerFiles;
import io.weir.control.store.Tree;

import org.eclipse.jgit.lib.Repository;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a managed store out of a copy that was kept elsewhere. */
public final class Restore {

    private static final Pattern SECRET = Pattern.compile("\\$\\{file:([^${}]*)}");

    private Restore() {}

    /**
     * What was restored.
     *
     * @param revision the last one
     * @param missingSecrets names of those that it refers to and the copy lacks
     */
    public record Restored(long revision, List<String> missingSecrets) {
        public Restored {
            missingSecrets = List.copyOf(missingSecrets);
        }
    }

    /**
     * Makes the store; the next start takes it up.
     *
     * @param config says where the copy is and what opens it
     * @param directory of the store, in which none may be yet
     * @throws IOException when there is one already, or the copy cannot be had
     */
    public static Restored from(BackupConfig config, Path directory, RandomGenerator random)
            throws IOException {
        OffSite copy = OffSite.of(config, random);
        if (copy == null) {
            throw new IOException("there is no copy to restore from");
        }
        Path history = directory.resolve("history.git");
        if (Files.exists(history) || Files.exists(directory.resolve("current"))) {
            throw new IOException(directory + " has a store already, expected none");
        }
        OwnerFiles.directory(directory);
        Path secrets = directory.resolve("secrets");
        boolean whole = false;
        try {
            Set<String> there = fetch(copy, history, secrets);
            try (History restored = History.open(history, "")) {
                if (restored.number() == 0) {
                    throw new IOException("the copy has no revision");
                }
                Set<String> missing = needed(restored.tree());
                missing.removeAll(there);
                whole = true;
                return new Restored(restored.number(), List.copyOf(missing));
            }
        } finally {
            if (!whole) {
                Git.delete(history);
            }
        }
    }

    /** Fetches the copy; returns the names of the secrets that are there now. */
    private static Set<String> fetch(OffSite copy, Path history, Path secrets) throws IOException {
        try (Repository repository = Git.open(history)) {
            copy.fetch(repository);
            return new TreeSet<>(copy.unseal(repository, secrets));
        }
    }

    /** The secrets that a revision refers to. */
    static Set<String> needed(Tree tree) {
        Set<String> needed = new LinkedHashSet<>();
        tree.files()
                .forEach(
                        (path, content) -> {
                            String pointed = SecretFiles.pointed(content);
                            if (pointed != null) {
                                needed.add(pointed);
                            } else if (Layout.isDocument(path)) {
                                Matcher matcher =
                                        SECRET.matcher(new String(content, StandardCharsets.UTF_8));
                                while (matcher.find()) {
                                    needed.add(matcher.group(1));
                                }
                            }
                        });
        return needed;
    }
}
