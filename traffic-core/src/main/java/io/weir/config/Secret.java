package io.weir.config;

/**
 * A value that is never shown: its text form is always {@code ***}.
 *
 * @param reveal the value itself; the only way to it
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
