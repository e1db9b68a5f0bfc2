package io.weir.config;

/** Which requests are refused first when not all can be served. From the first to the last. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH
}
