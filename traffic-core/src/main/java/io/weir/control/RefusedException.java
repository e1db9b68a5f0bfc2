package io.weir.control;

import java.util.List;

/** A call of {@link Control} was refused; nothing has changed. */
public final class RefusedException extends Exception {

    private final transient ControlProblem problem;

    public RefusedException(ControlProblem problem) {
        super(problem.message());
        this.problem = problem;
    }

    public RefusedException(ControlProblem problem, Throwable cause) {
        super(problem.message(), cause);
        this.problem = problem;
    }

    /** Refuses a configuration on which a part of Weir failed with {@code e}. */
    static RefusedException madeFail(RuntimeException e) {
        return new RefusedException(
                new ControlProblem.NotApplied("the configuration made Weir fail: " + e, List.of()),
                e);
    }

    /** Why. */
    public ControlProblem problem() {
        return problem;
    }
}
