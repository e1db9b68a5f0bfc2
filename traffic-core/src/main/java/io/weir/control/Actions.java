package io.weir.control;

import java.util.List;
import java.util.Optional;

/** The configured actions, as those see them who look at a running Weir. Safe for every thread. */
public interface Actions {

    /** None. */
    Actions NONE =
            new Actions() {
                @Override
                public List<ActionStatus> list() {
                    return List.of();
                }

                @Override
                public Optional<ActionTest> test(String name) {
                    return Optional.empty();
                }
            };

    /** How each of them is, in the order of the configuration. */
    List<ActionStatus> list();

    /**
     * Delivers the event {@code testaction} at once, past whatever waits for the action, and waits
     * for the outcome.
     *
     * @return nothing when there is no action with that name
     */
    Optional<ActionTest> test(String name);
}
