package io.weir.monitor;

/**
 * How one check ended.
 *
 * @param text what was found in plain words; for a failure also what was expected
 */
public record CheckResult(boolean ok, String text) {

    static CheckResult passed(String text) {
        return new CheckResult(true, text);
    }

    static CheckResult failed(String cause) {
        return new CheckResult(false, cause);
    }
}
