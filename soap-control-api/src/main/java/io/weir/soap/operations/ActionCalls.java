package io.weir.soap.operations;

import io.weir.config.ActionConfig;
import io.weir.control.ActionTest;
import io.weir.control.RefusedException;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.StructValue;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Actions: their types, credentials, arguments and tests. Webhooks, which the model product does
 * not have, are shown as actions of the type {@code soap}.
 */
final class ActionCalls {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SECTION = "actions";

    /** Types of the configuration by the words of the control API. */
    private static final Map<String, String> TYPES =
            Map.of(
                    "email", "mail",
                    "soap", "soap",
                    "trap", "snmp-trap",
                    "syslog", "syslog",
                    "log", "log",
                    "program", "program");

    private final Api api;

    private ActionCalls(Api api) {
        this.api = api;
    }

    static void register(Handlers handlers, Tables tables) {
        ActionCalls calls = new ActionCalls(tables.newest("Alerting.Action"));
        String a = "Alerting.Action.";
        handlers.on(a + "addAction", calls::add);
        handlers.on(a + "getActionType", ActionCalls::types);
        handlers.on(a + "getActionNamesOfType", ActionCalls::namesOfType);
        ProgramCalls.register(handlers, a, "ActionProgram", "ScriptProgram", SECTION);
        handlers.on(a + "testAction", ActionCalls::test);
        handlers.on(a + "getSOAPAuthentication", ActionCalls::credentials);
        handlers.on(a + "setSOAPAuthentication", ActionCalls::setCredentials);
        handlers.on(a + "removeSOAPAuthentication", ActionCalls::removeCredentials);
        handlers.on(a + "setSNMPAuthPassword", call -> setSecrets(call, "auth-password"));
        handlers.on(a + "setSNMPPrivPassword", call -> setSecrets(call, "privacy-password"));
        ProgramArguments.register(handlers, a + "%sScriptArguments", ActionCalls::arguments);
    }

    private static ActionConfig action(Call call, String name) throws SoapProblem {
        return (ActionConfig) call.draft().object(SECTION, "action", name);
    }

    private @Nullable Object add(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String type = Objects.requireNonNull(TYPES.get(call.texts(1).get(i)));
            CatalogCalls.fresh(call.draft(), api, names.get(i));
            ObjectNode action = JSON.objectNode();
            action.put("type", type);
            Unset.complete(action, SECTION, "type", type);
            call.draft().create(SECTION, names.get(i), action);
        }
        return null;
    }

    private static String word(ActionConfig action) {
        return switch (action.delivery()) {
            case ActionConfig.Mail _ -> "email";
            case ActionConfig.Soap _, ActionConfig.Webhook _ -> "soap";
            case ActionConfig.SnmpTrap _ -> "trap";
            case ActionConfig.Syslog _ -> "syslog";
            case ActionConfig.Log _ -> "log";
            case ActionConfig.Program _ -> "program";
        };
    }

    private static Object types(Call call) throws SoapProblem {
        List<String> types = new ArrayList<>();
        for (String name : call.texts(0)) {
            types.add(word(action(call, name)));
        }
        return types;
    }

    private static Object namesOfType(Call call) {
        return call.draft().config().actions().values().stream()
                .filter(action -> word(action).equals(call.text(0)))
                .map(ActionConfig::name)
                .toList();
    }

    private static @Nullable List<String> arguments(Object action) {
        return ((ActionConfig) action).delivery() instanceof ActionConfig.Program program
                ? program.arguments()
                : null;
    }

    /** What could not be delivered is a fault without a type: the interface declares none. */
    private static @Nullable Object test(Call call) throws SoapProblem {
        for (String name : call.texts(0)) {
            action(call, name);
        }
        for (String name : call.texts(0)) {
            try {
                ActionTest test = call.services().control().testAction(name, call.peer().author());
                String trouble = test.trouble();
                if (trouble != null) {
                    throw SoapProblem.internal(
                            "the action '" + name + "' could not deliver: " + trouble);
                }
            } catch (RefusedException e) {
                throw call.refused(e);
            }
        }
        return null;
    }

    private static Object credentials(Call call) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            boolean soap = action(call, name).delivery() instanceof ActionConfig.Soap;
            Object user = soap ? Effective.at(action(call, name), "user") : null;
            all.add(
                    StructValue.of(
                            call.type("Login"), Values.text(user), user == null ? "" : "***"));
        }
        return all;
    }

    private static @Nullable Object setCredentials(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            StructValue login = call.structs(1).get(i);
            credentials(
                    call,
                    names.get(i),
                    JSON.stringNode(login.text("username")),
                    JSON.stringNode(login.text("password")));
        }
        return null;
    }

    private static @Nullable Object removeCredentials(Call call) throws SoapProblem {
        for (String name : call.texts(0)) {
            credentials(call, name, null, null);
        }
        return null;
    }

    private static void credentials(
            Call call, String name, @Nullable JsonNode user, @Nullable JsonNode password)
            throws SoapProblem {
        if (!(action(call, name).delivery() instanceof ActionConfig.Soap)) {
            throw SoapProblem.notAllowed(
                    "the action '" + name + "' is not of the type soap, which has credentials",
                    name);
        }
        call.draft().set(SECTION, name, "user", user);
        call.draft().set(SECTION, name, "password", password);
    }

    private static @Nullable Object setSecrets(Call call, String key) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            action(call, names.get(i));
            String secret = call.texts(1).get(i);
            call.draft()
                    .set(
                            SECTION,
                            names.get(i),
                            key,
                            secret.isEmpty() ? null : JSON.stringNode(secret));
        }
        return null;
    }
}
