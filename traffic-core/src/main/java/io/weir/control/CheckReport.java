package io.weir.control;

import io.weir.config.load.Problem;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a reload would find now, with nothing changed.
 *
 * @param problems errors and warnings
 * @param refusal why a reload would be refused; null when it would not, as far as can be said
 *     without binding sockets
 * @param changes whether it would change what is in force
 */
public record CheckReport(
        List<Problem> problems, @Nullable ControlProblem refusal, boolean changes) {

    public CheckReport {
        problems = List.copyOf(problems);
    }
}
