package io.weir.soap.operations;

import io.weir.admin.users.AccountBook;
import io.weir.admin.users.Role;
import io.weir.control.RefusedException;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handler;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Users of the admin server; the groups of the control API are roles. */
final class UserCalls {

    private UserCalls() {}

    /** What a call does with the users. */
    @FunctionalInterface
    private interface Deed {
        void run(Call call) throws RefusedException, SoapProblem, InterruptedException;
    }

    static void register(Handlers handlers) {
        handlers.on("Users.listUsers", call -> List.copyOf(book(call).users().keySet()));
        handlers.on("Users.listGroups", call -> List.copyOf(roles(call)));
        handlers.on("Users.addUser", handler(UserCalls::add));
        handlers.on(
                "Users.changePassword",
                handler(
                        call -> {
                            existing(call);
                            var _ =
                                    call.services()
                                            .users()
                                            .setPassword(
                                                    call.text(0),
                                                    call.text(1),
                                                    call.peer().author());
                        }));
        handlers.on(
                "Users.deleteUser",
                handler(
                        call -> {
                            existing(call);
                            call.services().users().remove(call.text(0), call.peer().author());
                        }));
    }

    private static Handler handler(Deed deed) {
        return call -> {
            try {
                deed.run(call);
                return null;
            } catch (RefusedException e) {
                throw call.refused(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw SoapProblem.internal("Weir is stopping");
            }
        };
    }

    private static AccountBook book(Call call) {
        return call.services().users().book();
    }

    private static Set<String> roles(Call call) {
        Set<String> roles = new TreeSet<>(Role.BUILT_IN.keySet());
        roles.addAll(book(call).roles().keySet());
        return roles;
    }

    private static void existing(Call call) throws SoapProblem {
        if (!book(call).users().containsKey(call.text(0))) {
            throw SoapProblem.unknown("user", call.text(0));
        }
    }

    private static void add(Call call) throws RefusedException, SoapProblem, InterruptedException {
        String name = call.text(0);
        String role = call.text(2);
        if (book(call).users().containsKey(name)) {
            throw SoapProblem.typed(
                    FaultKind.OBJECT_ALREADY_EXISTS,
                    "the user '" + name + "' already exists",
                    name);
        }
        if (!roles(call).contains(role)) {
            throw SoapProblem.unknown("group", role);
        }
        var _ =
                call.services()
                        .users()
                        .add(name, call.text(1), List.of(role), call.peer().author());
    }
}
