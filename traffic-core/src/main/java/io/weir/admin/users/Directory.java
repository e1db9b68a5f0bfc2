package io.weir.admin.users;

import java.util.List;

/**
 * Somebody besides Weir who knows users and their passwords. Safe for every thread; asked on
 * threads that may wait.
 */
@FunctionalInterface
public interface Directory {

    /** Nobody. */
    Directory NONE = (name, password) -> new Unknown();

    /**
     * Asks whether a password is that of a user.
     *
     * @param password never empty
     */
    Answer ask(String name, String password) throws InterruptedException;

    /** What came of asking. */
    sealed interface Answer {}

    /**
     * It is.
     *
     * @param roles of the user here; a user without any is not let in
     */
    record Known(List<String> roles) implements Answer {
        public Known {
            roles = List.copyOf(roles);
        }
    }

    /** It is not, or there is no such user. */
    record Unknown() implements Answer {}

    /** Nothing can be said at the moment. */
    record Away(String why) implements Answer {}
}
