package io.weir.control.store;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Files by their relative paths, with slashes. Immutable, as long as nobody writes into the
 * contents.
 */
public final class Tree {

    /** No files. */
    public static final Tree EMPTY = new Tree(Map.of());

    private final SortedMap<String, byte[]> files;

    public Tree(Map<String, byte[]> files) {
        this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** All files, sorted by path. */
    public SortedMap<String, byte[]> files() {
        return files;
    }

    /** The content of a file; null when there is none. */
    public byte @Nullable [] get(String path) {
        return files.get(path);
    }

    /** The paths at which the other tree has another file, or none, or this one has none. */
    public Set<String> differences(Tree other) {
        Set<String> paths = new TreeSet<>(files.keySet());
        paths.addAll(other.files.keySet());
        paths.removeIf(path -> Arrays.equals(files.get(path), other.files.get(path)));
        return paths;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tree tree && differences(tree).isEmpty();
    }

    @Override
    public int hashCode() {
        return files.keySet().hashCode();
    }
}
