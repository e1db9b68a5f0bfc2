package io.weir.control.local;

import io.weir.control.Author;
import io.weir.control.ControlProblem;
import io.weir.control.RefusedException;
import io.weir.control.Users;
import io.weir.control.store.Json;
import io.weir.time.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The commands of the control socket about users.
 *
 * <pre>
 * users            all of them, without anything secret
 * user-add         name, password (none: a one-time secret is made), roles
 * user-password    name, password (none: a one-time secret is made)
 * user-roles       name, roles
 * user-remove | user-unlock    name
 * token-add        name, note, roles, seconds
 * token-remove     name, id
 * </pre>
 *
 * Safe for every thread.
 */
final class UserCommands {

    private final Users users;
    private final Ticker ticker;

    UserCommands(Users users, Ticker ticker) {
        this.users = users;
        this.ticker = ticker;
    }

    /**
     * Runs a command.
     *
     * @throws IllegalArgumentException when there is no such command
     */
    Object run(String command, Arguments arguments, Author author) throws RefusedException {
        try {
            return switch (command) {
                case "users" ->
                        Json.object(
                                "users", users.list().stream().map(UserDocuments::user).toList());
                case "user-add" ->
                        secret(
                                users.add(
                                        name(arguments),
                                        arguments.text("password"),
                                        roles(arguments),
                                        author));
                case "user-password" ->
                        secret(
                                users.setPassword(
                                        name(arguments), arguments.text("password"), author));
                case "user-roles" -> {
                    users.setRoles(name(arguments), roles(arguments), author);
                    yield Json.object();
                }
                case "user-remove" -> {
                    users.remove(name(arguments), author);
                    yield Json.object();
                }
                case "user-unlock" -> {
                    users.unlock(name(arguments), author);
                    yield Json.object();
                }
                case "token-add" -> {
                    Long seconds = arguments.number("seconds");
                    String note = arguments.text("note");
                    Instant expires = seconds == null ? null : ticker.now().plusSeconds(seconds);
                    yield secret(
                            users.addToken(
                                    name(arguments),
                                    note == null ? "" : note,
                                    roles(arguments),
                                    expires,
                                    author));
                }
                case "token-remove" -> {
                    String id = arguments.text("id");
                    users.removeToken(name(arguments), id == null ? "" : id, author);
                    yield Json.object();
                }
                default ->
                        throw new IllegalArgumentException(
                                "there is no command " + command + " in this version of Weir");
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(new ControlProblem.Unavailable("Weir is stopping"), e);
        }
    }

    private static Map<String, @Nullable Object> secret(@Nullable String secret) {
        return Json.object("secret", secret);
    }

    private static String name(Arguments arguments) {
        String name = arguments.text("name");
        if (name == null) {
            throw new IllegalArgumentException("the name is missing");
        }
        return name;
    }

    private static List<String> roles(Arguments arguments) {
        String roles = arguments.text("roles");
        return roles == null
                ? List.of()
                : Stream.of(roles.split(",", -1)).filter(role -> !role.isEmpty()).toList();
    }
}
