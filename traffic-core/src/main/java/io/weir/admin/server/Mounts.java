package io.weir.admin.server;

import io.weir.admin.AdminHandler;
import io.weir.admin.AdminMounts;
import io.weir.admin.MountOptions;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The handlers by their paths. Safe for every thread. */
final class Mounts implements AdminMounts {

    private static final Pattern PATH = Pattern.compile("/|(/[A-Za-z0-9._~-]+)+");

    private final Map<String, Mount> byPath = new ConcurrentHashMap<>();

    /** A handler in its place. */
    record Mount(String path, AdminHandler handler, MountOptions options) {}

    @Override
    public Mounted mount(String path, AdminHandler handler, MountOptions options) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "the path to mount is '" + path + "', expected such as /soap or /api/v1");
        }
        Mount mount = new Mount(path, handler, options);
        if (byPath.putIfAbsent(path, mount) != null) {
            throw new IllegalArgumentException("the path " + path + " is taken already");
        }
        return () -> byPath.remove(path, mount);
    }

    /** The mount that a request for {@code path} goes to; null when there is none. */
    @Nullable Mount find(String path) {
        String candidate = path;
        while (true) {
            Mount mount = byPath.get(candidate.isEmpty() ? "/" : candidate);
            if (mount != null || candidate.isEmpty()) {
                return mount;
            }
            int slash = candidate.lastIndexOf('/');
            candidate = slash < 0 ? "" : candidate.substring(0, slash);
        }
    }
}
