package io.weir.control;

import io.weir.config.load.Problem;
import io.weir.runtime.DataPlane;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Why a call of {@link Control} changed nothing. */
public sealed interface ControlProblem {

    /** One line naming the thing, what was found and what was expected. */
    String message();

    /** The kind of problem as written in documents: {@code not-found}. */
    String code();

    /**
     * There is no such object.
     *
     * @param kind such as {@code pool} or {@code node}
     * @param where what was searched, such as {@code pool web}; empty for everything
     * @param nearest the name that was probably meant; null when none is near
     */
    record NotFound(String kind, String name, String where, @Nullable String nearest)
            implements ControlProblem {
        @Override
        public String message() {
            return "there is no "
                    + kind
                    + " "
                    + name
                    + (where.isEmpty() ? "" : " in " + where)
                    + (nearest == null ? "" : "; did you mean " + nearest + "?");
        }

        @Override
        public String code() {
            return "not-found";
        }
    }

    /** A value of the call is not allowed. */
    record Invalid(String thing, String found, String expected) implements ControlProblem {
        @Override
        public String message() {
            return "the " + thing + " is " + found + ", expected " + expected;
        }

        @Override
        public String code() {
            return "invalid";
        }
    }

    /**
     * The configuration has errors.
     *
     * @param problems all of them, warnings included
     */
    record BadConfiguration(String source, List<Problem> problems) implements ControlProblem {
        public BadConfiguration {
            problems = List.copyOf(problems);
        }

        @Override
        public String message() {
            List<Problem> errors = problems.stream().filter(Problem::isError).toList();
            return source
                    + " has "
                    + (errors.size() == 1 ? "an error" : errors.size() + " errors")
                    + (errors.isEmpty() ? "" : ": " + errors.getFirst());
        }

        @Override
        public String code() {
            return "bad-configuration";
        }
    }

    /**
     * The configuration is valid, but cannot be put in force here and now.
     *
     * @param objects one entry per object that was looked at
     */
    record NotApplied(String reason, List<DataPlane.ObjectResult> objects)
            implements ControlProblem {
        public NotApplied {
            objects = List.copyOf(objects);
        }

        /** What a data plane says that did not apply a configuration. */
        public static NotApplied of(DataPlane.ApplyResult result) {
            return new NotApplied(ApplySummary.failure(result), result.objects());
        }

        @Override
        public String message() {
            return reason;
        }

        @Override
        public String code() {
            return "not-applied";
        }
    }

    /**
     * The configuration takes away so much that it may be a file cut short.
     *
     * @param losses one clause for each guarded kind of object
     */
    record Shrinks(String source, List<String> losses) implements ControlProblem {
        public Shrinks {
            losses = List.copyOf(losses);
        }

        @Override
        public String message() {
            return source
                    + " "
                    + String.join(" and ", losses)
                    + "; if that is meant, use weir reload --allow-shrink";
        }

        @Override
        public String code() {
            return "shrinks";
        }
    }

    /** The author may not do this, though others may. */
    record Forbidden(String message) implements ControlProblem {
        @Override
        public String code() {
            return "forbidden";
        }
    }

    /** Somebody else was faster, or the object is in a state that the call does not fit. */
    record Conflict(String message) implements ControlProblem {
        @Override
        public String code() {
            return "conflict";
        }
    }

    /** Not now: Weir is stopping, or a bound is reached. */
    record Unavailable(String message) implements ControlProblem {
        @Override
        public String code() {
            return "unavailable";
        }
    }
}
