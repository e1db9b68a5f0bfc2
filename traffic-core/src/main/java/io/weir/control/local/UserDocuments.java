package io.weir.control.local;

import io.weir.admin.users.User;
import io.weir.control.UserView;
import io.weir.control.store.Json;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Users as plain documents, without anything secret. */
public final class UserDocuments {

    private UserDocuments() {}

    /** A user. */
    public static Map<String, @Nullable Object> user(UserView view) {
        User user = view.user();
        return Json.object(
                "name",
                user.name(),
                "source",
                user.source().keyword(),
                "roles",
                user.roles(),
                "view-only",
                view.viewOnly(),
                "locked-seconds",
                view.locked().isZero() ? 0 : view.locked().toSeconds() + 1,
                "one-time-secret",
                user.oneTime(),
                "created",
                user.created(),
                "last-sign-in",
                user.lastSignIn(),
                "tokens",
                user.tokens().stream().map(UserDocuments::token).toList());
    }

    /** A token. */
    public static Map<String, @Nullable Object> token(User.Token token) {
        return Json.object(
                "id", token.id(),
                "note", token.note(),
                "roles", token.roles(),
                "created", token.created(),
                "expires", token.expires());
    }
}
