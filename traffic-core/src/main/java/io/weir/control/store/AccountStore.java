package io.weir.control.store;

import io.weir.admin.Permission;
import io.weir.admin.Permissions;
import io.weir.admin.users.AccountBook;
import io.weir.admin.users.AccountFile;
import io.weir.admin.users.Role;
import io.weir.admin.users.User;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The users on disk: the file {@code users} of the state directory, readable by its owner only and
 * never part of a configuration. It survives a power cut at any byte; see {@link CheckedFile}.
 * Confined to one thread at a time.
 */
public final class AccountStore implements AccountFile {

    private final CheckedFile file;

    /**
     * @param stateDirectory must exist when saving
     */
    public AccountStore(Path stateDirectory) {
        this.file = new CheckedFile(stateDirectory, "users", "weir-users");
    }

    @Override
    public Loaded load() {
        return switch (file.load()) {
            case CheckedFile.Content.Absent() -> new Loaded(null, null);
            case CheckedFile.Content.Current(byte[] body) -> decode(body, null);
            case CheckedFile.Content.Previous(byte[] body, String why) ->
                    decode(body, why + "; the save before it is used");
            case CheckedFile.Content.Lost(String why) ->
                    new Loaded(null, why + "; no earlier save can be used");
        };
    }

    @Override
    public void save(AccountBook book) throws IOException {
        List<Object> users = new ArrayList<>();
        for (User user : book.users().values()) {
            users.add(
                    Json.object(
                            "name", user.name(),
                            "password", user.passwordHash(),
                            "one-time", user.oneTime(),
                            "roles", user.roles(),
                            "tokens", user.tokens().stream().map(AccountStore::token).toList(),
                            "created", user.created(),
                            "source", user.source().keyword(),
                            "last-sign-in", user.lastSignIn()));
        }
        List<Object> roles = new ArrayList<>();
        for (Role role : book.roles().values()) {
            Map<String, List<String>> granted = new LinkedHashMap<>();
            role.permissions()
                    .granted()
                    .forEach(
                            (kind, set) ->
                                    granted.put(
                                            kind, set.stream().map(Permission::keyword).toList()));
            roles.add(Json.object("name", role.name(), "permissions", granted));
        }
        String text = Json.write(Json.object("users", users, "roles", roles));
        file.save(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, @Nullable Object> token(User.Token token) {
        return Json.object(
                "id", token.id(),
                "note", token.note(),
                "hash", token.hash(),
                "roles", token.roles(),
                "created", token.created(),
                "expires", token.expires());
    }

    private static Loaded decode(byte[] body, @Nullable String fault) {
        try {
            Map<String, @Nullable Object> document =
                    Json.readObject(new String(body, StandardCharsets.UTF_8));
            Map<String, User> users = new LinkedHashMap<>();
            for (Object each : list(document, "users")) {
                User user = user((Map<?, ?>) each);
                users.put(user.name(), user);
            }
            Map<String, Role> roles = new LinkedHashMap<>();
            for (Object each : list(document, "roles")) {
                Role role = role((Map<?, ?>) each);
                roles.put(role.name(), role);
            }
            return new Loaded(new AccountBook(users, roles), fault);
        } catch (IllegalArgumentException | ClassCastException | DateTimeParseException e) {
            // Whole, so written by a Weir; then by a later one whose entries mean something else.
            return new Loaded(null, "the users were written by another version: " + e);
        }
    }

    private static User user(Map<?, ?> entry) {
        List<User.Token> tokens = new ArrayList<>();
        for (Object each : list(entry, "tokens")) {
            Map<?, ?> token = (Map<?, ?>) each;
            String expires = (String) token.get("expires");
            tokens.add(
                    new User.Token(
                            text(token, "id"),
                            text(token, "note"),
                            text(token, "hash"),
                            texts(token, "roles"),
                            Instant.parse(text(token, "created")),
                            expires == null ? null : Instant.parse(expires)));
        }
        return new User(
                text(entry, "name"),
                (String) entry.get("password"),
                Boolean.TRUE.equals(entry.get("one-time")),
                texts(entry, "roles"),
                tokens,
                Instant.parse(text(entry, "created")),
                source(entry),
                entry.get("last-sign-in") instanceof String last ? Instant.parse(last) : null);
    }

    /** An earlier version knew local users only and did not say so. */
    private static User.Source source(Map<?, ?> entry) {
        return entry.get("source") instanceof String word
                ? User.Source.valueOf(word.toUpperCase(Locale.ROOT))
                : User.Source.LOCAL;
    }

    private static Role role(Map<?, ?> entry) {
        Map<String, Set<Permission>> granted = new LinkedHashMap<>();
        ((Map<?, ?>) required(entry, "permissions"))
                .forEach(
                        (kind, words) -> {
                            Set<Permission> set = EnumSet.noneOf(Permission.class);
                            for (Object word : (List<?>) words) {
                                set.add(
                                        Permission.valueOf(
                                                ((String) word).toUpperCase(Locale.ROOT)));
                            }
                            granted.put((String) kind, set);
                        });
        return new Role(text(entry, "name"), new Permissions(granted));
    }

    private static List<?> list(Map<?, ?> map, String name) {
        return (List<?>) required(map, name);
    }

    private static List<String> texts(Map<?, ?> map, String name) {
        List<String> texts = new ArrayList<>();
        list(map, name).forEach(each -> texts.add((String) each));
        return texts;
    }

    private static String text(Map<?, ?> map, String name) {
        return (String) required(map, name);
    }

    private static Object required(Map<?, ?> map, String name) {
        Object value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
