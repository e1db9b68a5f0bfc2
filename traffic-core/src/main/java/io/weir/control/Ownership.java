package io.weir.control;

import java.util.Locale;

/** Who may write the desired configuration. */
public enum Ownership {
    /** The operator's files win: changes through an interface are refused. */
    FILES,
    /** Weir keeps it: every interface may change it. */
    MANAGED;

    /** The ownership as written in documents. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }
}
