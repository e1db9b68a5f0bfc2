package io.weir.function;

import static io.weir.function.Bytes.orEmpty;

import io.weir.config.AuthenticatorConfig;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Functions {@code auth.*}. */
public final class AuthFunctions {

    private final CurrentRun run;
    private final Waiting waiting;
    private final Authenticators authenticators;

    AuthFunctions(CurrentRun run, Waiting waiting, Authenticators authenticators) {
        this.run = run;
        this.waiting = waiting;
        this.authenticators = authenticators;
    }

    @RuleFunction(suspends = true)
    public Map<String, Object> query(@Nullable String authenticator, @Nullable String user) {
        return ask(authenticator, user, null);
    }

    @RuleFunction(
            value =
                    "Asks an authenticator of the configuration about a user, and whether the"
                            + " password is right: OK is 1 or 0, Error says why not, and the"
                            + " attributes of the user stand beside them.",
            suspends = true)
    public Map<String, Object> query(
            @Nullable String authenticator, @Nullable String user, @Nullable String password) {
        return ask(authenticator, user, orEmpty(password));
    }

    private Map<String, Object> ask(
            @Nullable String name, @Nullable String user, @Nullable String password) {
        run.side();
        AuthenticatorConfig who = run.world().authenticator(orEmpty(name));
        if (who == null) {
            throw new RuleErrorException("there is no authenticator '" + name + "'");
        }
        String whom = orEmpty(user);
        Object found =
                run.await(
                        "auth.query",
                        done -> waiting.blocking(() -> done.accept(answer(who, whom, password))));
        return found instanceof Answer answer ? answer.values() : Map.of();
    }

    private record Answer(Map<String, Object> values) {}

    private Object answer(AuthenticatorConfig who, String user, @Nullable String password) {
        try {
            return new Answer(authenticators.ask(who, user, password));
        } catch (RuntimeException e) {
            return new RuleErrorException(
                    "authenticator "
                            + who.name()
                            + " cannot be asked: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }
}
