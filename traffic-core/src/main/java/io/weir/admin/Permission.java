package io.weir.admin;

import java.util.Locale;

/** What can be permitted to do with objects of a kind. */
public enum Permission {
    /** To see configuration, state and history. */
    READ,
    /** To act without changing the desired configuration: drain, weigh, purge, test. */
    OPERATE,
    /** To change, make and remove objects. */
    CHANGE;

    /** The word for it in documents. */
    public String keyword() {
        return name().toLowerCase(Locale.ROOT);
    }
}
