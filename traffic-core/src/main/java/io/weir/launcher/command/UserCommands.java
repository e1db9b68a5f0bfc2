package io.weir.launcher.command;

import io.weir.config.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands about those who may sign in at the admin server of a running Weir. */
final class UserCommands {

    private UserCommands() {}

    /** The command whose words the others follow. */
    @Command(
            name = "user",
            description = "Adds, changes and removes users of the running Weir's admin server.",
            footer = {
                "",
                "Examples:",
                "  weir user list",
                "  weir user add alice --role operator",
                "  weir user passwd admin --password-file secret",
                "  weir user token alice --note backup --role viewer --for 30d",
                "  weir user remove alice"
            })
    static final class Group extends WeirCommand {

        Group(Console console) {
            super(console);
        }

        @Override
        List<WeirCommand> subcommands() {
            return List.of(
                    new Listing(console),
                    new Add(console),
                    new Password(console),
                    new Roles(console),
                    new Token(console),
                    new Unlock(console),
                    new Remove(console));
        }

        @Override
        public Integer call() throws CommandFailedException {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    "what to do is missing, expected: weir user list, add, passwd, roles, token,"
                            + " unlock or remove; see weir user --help");
        }
    }

    /** What these commands have in common. */
    abstract static class OnUsers extends WeirCommand {
        @Mixin InstanceOptions instance = new InstanceOptions();
        @Mixin Output output = new Output();

        OnUsers(Console console) {
            super(console);
        }

        final Integer call(String command, Map<String, ?> arguments, String done)
                throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, command, arguments);
            if (!output.print(console, answer)) {
                String secret = Document.of(answer).text("secret");
                console.print(done + (secret.isEmpty() ? "" : ": " + secret));
            }
            return ExitCode.OK;
        }
    }

    /** What the commands about one user have in common. */
    abstract static class OnUser extends OnUsers {
        @Parameters(paramLabel = "NAME", description = "Name of the user.")
        String name = "";

        OnUser(Console console) {
            super(console);
        }

        final Map<String, @Nullable Object> arguments() {
            Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
            arguments.put("name", name);
            return arguments;
        }
    }

    /** The option for a password, which is never taken from the command line. */
    static final class PasswordOption {
        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description =
                        "Its first line is the password. Default: a secret is made that can be used"
                                + " once, to choose a password.")
        @Nullable Path file;

        @Nullable String read() throws CommandFailedException {
            Secret secret = CertFiles.newPassphrase(file);
            return secret == null ? null : secret.reveal();
        }
    }

    /** Lists users. */
    @Command(name = "list", description = "Lists users with their roles and tokens.")
    static final class Listing extends OnUsers {
        Listing(Console console) {
            super(console);
        }

        @Override
        public Integer call() throws CommandFailedException {
            Object answer = Remote.call(console, instance, output, "users", Map.of());
            if (!output.print(console, answer)) {
                Table table = new Table("USER", "ROLES", "TOKENS", "NOTE");
                for (Document user : Document.of(answer).objects("users")) {
                    List<String> tokens = new ArrayList<>();
                    for (Document token : user.objects("tokens")) {
                        tokens.add(token.text("id") + " " + token.text("note"));
                    }
                    table.row(
                            user.text("name"),
                            String.join(", ", user.texts("roles")),
                            String.join(", ", tokens),
                            user.is("one-time-secret") ? "has to choose a password" : "");
                }
                table.lines(0).forEach(console::print);
            }
            return ExitCode.OK;
        }
    }

    /** Adds a user. */
    @Command(name = "add", description = "Adds a user.")
    static final class Add extends OnUser {
        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "admin, editor, operator, viewer, or one made by people. Repeatable.")
        List<String> roles = new ArrayList<>();

        @Mixin PasswordOption password = new PasswordOption();

        Add(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = arguments();
            arguments.put("roles", String.join(",", roles));
            arguments.put("password", password.read());
            return call(
                    "user-add",
                    arguments,
                    password.file == null
                            ? "user " + name + " is there, with the one-time secret"
                            : "user " + name + " is there");
        }
    }

    /** Gives a user another password. */
    @Command(
            name = "passwd",
            description = "Gives a user another password, and ends a lock by wrong ones.")
    static final class Password extends OnUser {
        @Mixin PasswordOption password = new PasswordOption();

        Password(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = arguments();
            arguments.put("password", password.read());
            return call(
                    "user-password",
                    arguments,
                    password.file == null
                            ? "user " + name + " has the one-time secret"
                            : "user " + name + " has another password");
        }
    }

    /** Gives a user other roles. */
    @Command(name = "roles", description = "Gives a user other roles in place of those there are.")
    static final class Roles extends OnUser {
        @Parameters(index = "1..*", paramLabel = "ROLE", description = "The roles.")
        List<String> roles = new ArrayList<>();

        Roles(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = arguments();
            arguments.put("roles", String.join(",", roles));
            return call("user-roles", arguments, "user " + name + " has other roles");
        }
    }

    /** Makes or removes a token. */
    @Command(
            name = "token",
            description = "Makes a token with which a program signs in, or removes one.")
    static final class Token extends OnUser {
        @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.")
        @Nullable String note;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "What it may do at most. Default: all that the user may.")
        List<String> roles = new ArrayList<>();

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "Ends it after this time, such as 12h or 30d. Default: never.")
        @Nullable String length;

        @Option(names = "--remove", paramLabel = "ID", description = "Removes this token.")
        @Nullable String remove;

        Token(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            Map<String, @Nullable Object> arguments = arguments();
            if (remove != null) {
                arguments.put("id", remove);
                return call("token-remove", arguments, "token " + remove + " is removed");
            }
            arguments.put("note", note);
            arguments.put("roles", String.join(",", roles));
            if (length != null) {
                try {
                    arguments.put("seconds", Lengths.parse(length).toSeconds());
                } catch (IllegalArgumentException e) {
                    throw new CommandFailedException(
                            ExitCode.USAGE, String.valueOf(e.getMessage()));
                }
            }
            return call("token-add", arguments, "the token, which is shown only now");
        }
    }

    /** Ends a lock. */
    @Command(name = "unlock", description = "Ends the lock that wrong passwords brought about.")
    static final class Unlock extends OnUser {
        Unlock(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            return call("user-unlock", arguments(), "user " + name + " is not locked");
        }
    }

    /** Removes a user. */
    @Command(name = "remove", description = "Removes a user with all tokens.")
    static final class Remove extends OnUser {
        Remove(Console console) {
            super(console);
        }

        @Override
        boolean takes(List<String> words) {
            return false;
        }

        @Override
        public Integer call() throws CommandFailedException {
            return call("user-remove", arguments(), "user " + name + " is removed");
        }
    }
}
