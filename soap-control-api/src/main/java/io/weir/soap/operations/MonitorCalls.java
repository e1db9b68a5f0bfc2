package io.weir.soap.operations;

import io.weir.config.MonitorConfig;
import io.weir.config.load.BuiltInMonitors;
import io.weir.config.load.DocumentKeys;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Monitors: their types, and the programs that they run. */
final class MonitorCalls {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SECTION = "monitors";

    private final Api api;
    private final Words types;

    private MonitorCalls(Api api) {
        this.api = api;
        this.types =
                Words.of(
                        (Backing.Mapped)
                                Objects.requireNonNull(api.operation("getType")).backing());
    }

    static void register(Handlers handlers, Tables tables) {
        MonitorCalls calls = new MonitorCalls(tables.newest("Catalog.Monitor"));
        handlers.on("Catalog.Monitor.addMonitors", calls::add);
        handlers.on("Catalog.Monitor.setType", calls::setTypes);
        handlers.on(
                "Catalog.Monitor.getAllMonitorNames",
                call -> List.copyOf(call.draft().names(SECTION)));
        handlers.on("Catalog.Monitor.getCustomMonitorNames", MonitorCalls::custom);
        ProgramCalls.register(handlers, "Catalog.Monitor.", "MonitorProgram", "Program", SECTION);
        ProgramArguments.register(
                handlers, "Catalog.Monitor.%sProgramArguments", MonitorCalls::arguments);
    }

    private @Nullable Object add(Call call) throws SoapProblem {
        for (String name : call.texts(0)) {
            CatalogCalls.fresh(call.draft(), api, name);
            ObjectNode monitor = JSON.objectNode();
            monitor.put("type", "tcp-transaction");
            call.draft().create(SECTION, name, monitor);
        }
        return null;
    }

    /** Another type; keys that it does not have go. */
    private @Nullable Object setTypes(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        List<String> wanted = call.texts(1);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            call.draft().object(SECTION, "monitor", name);
            String type = types.toKey(wanted.get(i));
            if (type == null) {
                throw SoapProblem.invalid(
                        "Weir has no monitors of the type '"
                                + wanted.get(i)
                                + "', expected "
                                + types.expected(
                                        Objects.requireNonNull(
                                                api.types().get("Catalog.Monitor.Type"))),
                        name,
                        "type",
                        wanted.get(i));
            }
            JsonNode word = JSON.stringNode(type);
            call.draft().set(SECTION, name, "type", word);
            if (call.draft().at(List.of(SECTION, name)) instanceof ObjectNode written) {
                for (String key : List.copyOf(written.propertyNames())) {
                    List<String> fitting = DocumentKeys.monitorTypes(key);
                    if (!fitting.isEmpty() && !fitting.contains(type)) {
                        call.draft().remove(List.of(SECTION, name, key));
                    }
                }
            }
            Unset.complete(call, SECTION, name, "type", word);
        }
        return null;
    }

    private static Object custom(Call call) {
        Map<String, MonitorConfig> builtIn = BuiltInMonitors.all();
        return call.draft().config().monitors().values().stream()
                .filter(monitor -> !monitor.equals(builtIn.get(monitor.name())))
                .map(MonitorConfig::name)
                .toList();
    }

    private static @Nullable List<String> arguments(Object monitor) {
        return ((MonitorConfig) monitor).probe() instanceof MonitorConfig.Program program
                ? program.arguments()
                : null;
    }
}
