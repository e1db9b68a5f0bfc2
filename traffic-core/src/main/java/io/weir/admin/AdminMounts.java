package io.weir.admin;

/** The places of the admin server that handlers are hung into. Safe for every thread. */
public interface AdminMounts {

    /**
     * Sends requests for {@code path} and everything below it to {@code handler}, until the result
     * is closed. Of several mounts the one with the longest path gets a request. It does not matter
     * whether the server listens at the moment.
     *
     * @param path begins with a slash and does not end with one, but for {@code /} itself
     * @throws IllegalArgumentException when the path has another form, or is taken
     */
    Mounted mount(String path, AdminHandler handler, MountOptions options);

    /** A handler in its place; closing takes it away, and closing twice is harmless. */
    interface Mounted extends AutoCloseable {
        @Override
        void close();
    }
}
