package io.weir.config;

/**
 * A rule in a list of a virtual server.
 *
 * @param rule its name in the catalog
 * @param enabled whether it runs at all
 * @param run how often it runs on one client connection
 */
public record RuleUse(String rule, boolean enabled, Run run) {

    /** How often a rule runs on one client connection. */
    public enum Run {
        /** On every exchange. */
        EVERY,
        /** On the first exchange of the connection only. */
        FIRST
    }
}
