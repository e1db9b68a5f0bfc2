package io.weir.exchange;

/**
 * An end of an exchange that may take bytes which nobody has read: they lie in the pipe of the
 * event loop, and go on inside the kernel. Confined to one event loop.
 */
public interface UnreadTaker {

    /** Whether {@link #unread} may be called now. */
    default boolean takesUnread() {
        return false;
    }

    /**
     * Sends the next {@code bytes} out of the pipe of the event loop; there are at least so many.
     */
    default void unread(int bytes) {
        throw new IllegalStateException("takes no unread bytes");
    }
}
