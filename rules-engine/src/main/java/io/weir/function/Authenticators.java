package io.weir.function;

import io.weir.config.AuthenticatorConfig;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Who is asked about users. Safe for every thread but an event loop. */
@FunctionalInterface
public interface Authenticators {

    /**
     * Asks about a user.
     *
     * @param password to be tried; null for none
     * @return {@code OK} (1 or 0), {@code Error} (a text), and what is known of the user: a text,
     *     or a list where there are several
     */
    Map<String, Object> ask(AuthenticatorConfig who, String user, @Nullable String password);
}
