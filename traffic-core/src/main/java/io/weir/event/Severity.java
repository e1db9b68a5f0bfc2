package io.weir.event;

/** How much an event matters (the levels of ZXTM's event log). */
public enum Severity {
    INFO,
    WARN,
    SERIOUS,
    FATAL
}
