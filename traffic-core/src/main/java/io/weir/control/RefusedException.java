package io.weir.control;

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

    /** Why. */
    public ControlProblem problem() {
        return problem;
    }
}
