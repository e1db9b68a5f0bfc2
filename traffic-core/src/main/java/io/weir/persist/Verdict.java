package io.weir.persist;

import java.util.Locale;

/** What persistence had to say about one request or connection. */
public enum Verdict {
    /** The node of its session served it. */
    HIT,
    /** It belonged to no session, and began none. */
    MISS,
    /** A session began with it. */
    NEW,
    /** The node of its session could not be used. */
    FAILED;

    /** The word in logs and figures. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }
}
