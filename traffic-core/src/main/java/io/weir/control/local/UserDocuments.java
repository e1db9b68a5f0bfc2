package io.weir.control.local;

import io.weir.admin.users.User;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Users as plain documents. */
public final class UserDocuments {

    private UserDocuments() {}

    /** A user without anything secret. */
    public static Map<String, @Nullable Object> user(User user) {
        return Json.object(
                "name", user.name(),
                "roles", user.roles(),
                "one-time-secret", user.oneTime(),
                "created", user.created(),
                "tokens", user.tokens().stream().map(UserDocuments::token).toList());
    }

    private static Map<String, @Nullable Object> token(User.Token token) {
        return Json.object(
                "id", token.id(),
                "note", token.note(),
                "roles", token.roles(),
                "created", token.created(),
                "expires", token.expires());
    }
}
