package io.weir.soap.operations;

import io.weir.config.EventTypeConfig;
import io.weir.config.load.BuiltInEventTypes;
import io.weir.event.EventTag;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handler;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Operation;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.StructValue;
import io.weir.soap.table.Tables;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Event types: their events, and the objects that these must be about, which the table maps to
 * {@code about}. Events that only Weir raises have no name in the control API; calls do not show
 * them and leave them where they are.
 */
final class EventTypeCalls {

    private static final String SECTION = "event-types";
    private static final String EVENTS = "events";
    private static final String OBJECTS = "objects";
    private static final String ALL = "_ALL";

    /** Sections of objects by the members of the structure for an event type. */
    private static final Map<String, String> MEMBERS = members();

    private final Api api;

    /** Names of events in the control API, by those in the configuration. */
    private final Map<String, String> shown = new LinkedHashMap<>();

    private EventTypeCalls(Api api) {
        this.api = api;
        List<String> words =
                api.types().get("Alerting.EventType.Event") instanceof SoapType.Choice choice
                        ? choice.words()
                        : List.of();
        shown.put("*", "ALL");
        for (EventTag tag : EventTag.values()) {
            put(words, tag.section() + "/*", tag.section() + ALL);
            put(words, tag.keyword(), tag.section() + "_" + tag.keyword());
        }
    }

    private void put(List<String> words, String key, String word) {
        if (words.contains(word)) {
            shown.put(key, word);
        }
    }

    private static Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        for (String section : List.of("protection", "vserver", "slm", "monitor", "rule", "pool")) {
            boolean plural = List.of("vserver", "monitor", "rule", "pool").contains(section);
            members.put(section + "Names", section + (plural ? "s" : ""));
        }
        for (String nothing :
                List.of("location", "service", "cloudcredential", "licensekey", "zxtm")) {
            members.put(nothing + "Names", "-");
        }
        return members;
    }

    static void register(Handlers handlers, Tables tables) {
        EventTypeCalls calls = new EventTypeCalls(tables.newest("Alerting.EventType"));
        handlers.general(EventTypeCalls::about, "about");
        String e = "Alerting.EventType.";
        handlers.on(e + "addEventType", calls::addType);
        handlers.on(e + "getEventType", calls::getType);
        handlers.on(e + "copyEventType", calls::copyType);
        handlers.on(e + "renameEventType", calls::renameType);
        handlers.on(
                e + "getEvents",
                call -> {
                    List<List<String>> all = new ArrayList<>();
                    for (String name : call.texts(0)) {
                        all.add(calls.events(type(call, name)));
                    }
                    return all;
                });
        handlers.on(e + "setEvents", call -> calls.editEvents(call, Operation.Verb.SET));
        handlers.on(e + "addEvents", call -> calls.editEvents(call, Operation.Verb.ADD));
        handlers.on(e + "removeEvents", call -> calls.editEvents(call, Operation.Verb.REMOVE));
    }

    private static EventTypeConfig type(Call call, String name) throws SoapProblem {
        return (EventTypeConfig) call.draft().object(SECTION, "event type", name);
    }

    private List<String> events(EventTypeConfig type) {
        List<String> events = new ArrayList<>();
        for (String event : type.events()) {
            String word = shown.get(event);
            if (word != null) {
                events.add(word);
            }
        }
        return events;
    }

    /** The event of the configuration for a word of the control API. */
    private String key(String type, String word) throws SoapProblem {
        for (Map.Entry<String, String> entry : shown.entrySet()) {
            if (entry.getValue().equals(word)) {
                return entry.getKey();
            }
        }
        throw SoapProblem.invalid(
                "Weir never raises the event '" + word + "', so it cannot be waited for",
                type,
                EVENTS,
                word);
    }

    private @Nullable Object editEvents(Call call, Operation.Verb verb) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            List<String> keys = new ArrayList<>();
            for (String word : call.lists(1).get(i)) {
                keys.add(key(name, word));
            }
            Collection<String> current = current(call, name, EVENTS, type(call, name).events());
            edit(current, keys, verb, shown::containsKey, name, EVENTS);
            call.draft().set(SECTION, name, EVENTS, array(current));
        }
        return null;
    }

    private static Handler about(Api api, Operation operation, Backing.Mapped backing) {
        String section = backing.word(0);
        return operation.verb() == Operation.Verb.GET
                ? call -> {
                    List<List<String>> all = new ArrayList<>();
                    for (String name : call.texts(0)) {
                        all.add(named(type(call, name), section));
                    }
                    return all;
                }
                : call -> editObjects(call, section, operation.verb());
    }

    private static List<String> named(EventTypeConfig type, String section) {
        String prefix = section + "/";
        return type.objects().stream()
                .filter(object -> object.startsWith(prefix))
                .map(object -> object.substring(prefix.length()))
                .toList();
    }

    private static @Nullable Object editObjects(Call call, String section, Operation.Verb verb)
            throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            EventTypeConfig type = type(call, name);
            List<String> objects = objects(name, section, call.lists(1).get(i));
            if (section.equals("-")) {
                continue;
            }
            Collection<String> current = current(call, name, OBJECTS, type.objects());
            edit(current, objects, verb, o -> o.startsWith(section + "/"), name, OBJECTS);
            call.draft().set(SECTION, name, OBJECTS, array(current));
        }
        return null;
    }

    private static List<String> objects(String type, String section, List<String> names)
            throws SoapProblem {
        if (section.equals("-") && !names.isEmpty()) {
            throw SoapProblem.invalid(
                    "Weir has no objects of this kind, so '"
                            + names.getFirst()
                            + "' could not be found",
                    type,
                    OBJECTS,
                    names.getFirst());
        }
        return names.stream().map(name -> section + "/" + name).toList();
    }

    /** What a list holds, with what this call has done to it so far. */
    private static Collection<String> current(
            Call call, String name, String key, List<String> inForce) {
        JsonNode written = call.draft().put(List.of(SECTION, name, key));
        Set<String> current = new LinkedHashSet<>();
        if (written == null) {
            current.addAll(inForce);
        } else {
            written.forEach(entry -> current.add(entry.asString()));
        }
        return current;
    }

    private static void edit(
            Collection<String> current,
            List<String> values,
            Operation.Verb verb,
            java.util.function.Predicate<String> concerned,
            String type,
            String key)
            throws SoapProblem {
        switch (verb) {
            case SET -> {
                current.removeIf(concerned);
                current.addAll(values);
            }
            case ADD -> current.addAll(values);
            case REMOVE -> {
                for (String value : values) {
                    if (!current.remove(value)) {
                        throw SoapProblem.invalid(
                                "'" + value + "' could not be found in " + key, type, key, value);
                    }
                }
            }
            case GET, CALL -> throw new IllegalStateException("no change: " + verb);
        }
    }

    private static ArrayNode array(Collection<String> entries) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        entries.forEach(array::add);
        return array;
    }

    @SuppressWarnings("unchecked")
    private static List<String> member(StructValue value, String name) {
        return value.get(name) instanceof List<?> list ? (List<String>) list : List.of();
    }

    private @Nullable Object addType(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            StructValue value = call.structs(1).get(i);
            CatalogCalls.fresh(call.draft(), api, name);
            List<String> events = new ArrayList<>();
            for (String word : member(value, EVENTS)) {
                events.add(key(name, word));
            }
            List<String> objects = new ArrayList<>();
            for (Map.Entry<String, String> each : MEMBERS.entrySet()) {
                objects.addAll(objects(name, each.getValue(), member(value, each.getKey())));
            }
            for (String action : member(value, "mappedActions")) {
                if (!call.draft().names("actions").contains(action)) {
                    throw SoapProblem.invalid(
                            "Unknown action '" + action + "': it does not exist",
                            name,
                            "actions",
                            action);
                }
            }
            ObjectNode type = JsonNodeFactory.instance.objectNode();
            type.set(EVENTS, array(events));
            type.set("custom-events", array(member(value, "customEvents")));
            type.set(OBJECTS, array(objects));
            type.set("actions", array(member(value, "mappedActions")));
            call.draft().create(SECTION, name, type);
        }
        return null;
    }

    private Object getType(Call call) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        SoapType.Struct struct = call.type("EventType");
        for (String name : call.texts(0)) {
            EventTypeConfig type = type(call, name);
            Map<String, Object> members = new LinkedHashMap<>();
            members.put(EVENTS, events(type));
            members.put("customEvents", type.customEvents());
            members.put("mappedActions", type.actions());
            MEMBERS.forEach((member, section) -> members.put(member, named(type, section)));
            all.add(new StructValue(struct, members));
        }
        return all;
    }

    /** With the events of a built-in one, which the copy does not have by its name. */
    private @Nullable Object copyType(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            EventTypeConfig type = type(call, names.get(i));
            String copy = call.texts(1).get(i);
            CatalogCalls.fresh(call.draft(), api, copy);
            ObjectNode content =
                    call.draft().at(List.of(SECTION, names.get(i))) instanceof ObjectNode written
                            ? written.deepCopy()
                            : JsonNodeFactory.instance.objectNode();
            content.set(EVENTS, array(type.events()));
            call.draft().create(SECTION, copy, content);
        }
        return null;
    }

    private @Nullable Object renameType(Call call) throws SoapProblem {
        for (String name : call.texts(0)) {
            if (BuiltInEventTypes.all().containsKey(name)) {
                throw SoapProblem.notAllowed("the event type '" + name + "' is built in", name);
            }
        }
        return CatalogCalls.rename(api, call);
    }
}
