package io.weir.rest;

import io.weir.admin.AdminResponse;
import io.weir.admin.Permission;
import io.weir.config.EventTypeConfig;
import io.weir.config.load.BuiltInEventTypes;
import io.weir.control.ActionTest;
import io.weir.control.Control;
import io.weir.control.RefusedException;
import io.weir.control.local.Documents;
import io.weir.control.store.Json;
import io.weir.event.EventTag;
import io.weir.event.Severity;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Actions, and the event types for which they are run. Safe for every thread. */
final class AlertsApi {

    private final Control control;

    AlertsApi(Control control) {
        this.control = control;
    }

    List<Operation> operations() {
        return List.of(
                Operation.get(
                        "listActions",
                        "/v1/actions",
                        "actions",
                        "How each action is: what was delivered, what waits, what troubles it",
                        r -> actions()),
                new Operation(
                        "testAction",
                        "POST",
                        "/v1/actions/{name}/test",
                        "actions",
                        Permission.OPERATE,
                        "Sends a test event to the receiver of an action",
                        List.of(),
                        null,
                        200,
                        this::test),
                Operation.get(
                        "listEventTypes",
                        "/v1/event-types",
                        "event-types",
                        "Event types, built in or configured, with their actions, and all events",
                        r -> eventTypes()));
    }

    private AdminResponse actions() {
        return Answers.document(
                200,
                Json.object(
                        "actions",
                        control.actions().list().stream().map(Documents::action).toList()));
    }

    private AdminResponse test(Request request) throws RefusedException {
        ActionTest test = control.testAction(request.part("name"), request.author());
        return Answers.document(
                200, Json.object("trouble", test.trouble(), "took-millis", test.took().toMillis()));
    }

    private AdminResponse eventTypes() {
        Map<String, EventTypeConfig> configured = control.config().eventTypes();
        List<Object> types = new ArrayList<>();
        BuiltInEventTypes.all()
                .forEach(
                        (name, events) ->
                                types.add(
                                        document(
                                                configured.getOrDefault(
                                                        name, unconfigured(name, events)),
                                                true,
                                                configured.containsKey(name))));
        for (EventTypeConfig type : configured.values()) {
            if (!BuiltInEventTypes.all().containsKey(type.name())) {
                types.add(document(type, false, true));
            }
        }
        return Answers.document(
                200,
                Json.object(
                        "event-types",
                        types,
                        "events",
                        Stream.of(EventTag.values()).map(AlertsApi::event).toList()));
    }

    private static EventTypeConfig unconfigured(String name, List<String> events) {
        return new EventTypeConfig(
                name,
                events,
                List.of(),
                Severity.INFO,
                List.of(),
                List.of(),
                null,
                List.of(),
                null);
    }

    private static Map<String, @Nullable Object> document(
            EventTypeConfig type, boolean builtIn, boolean configured) {
        return Json.object(
                "name", type.name(),
                "built-in", builtIn,
                "configured", configured,
                "events", type.events(),
                "custom-events", type.customEvents(),
                "min-severity", type.minSeverity().name().toLowerCase(Locale.ROOT),
                "objects", type.objects(),
                "hours", type.hours(),
                "time-zone", type.timeZone(),
                "actions", type.actions(),
                "note", type.note());
    }

    private static Map<String, @Nullable Object> event(EventTag tag) {
        return Json.object(
                "tag", tag.keyword(),
                "section", tag.section(),
                "severity", tag.severity().name().toLowerCase(Locale.ROOT));
    }
}
