package io.weir.soap.operations;

import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handler;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.Operation;
import io.weir.soap.table.SoapType;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Properties that are keys of the configuration: what the table maps to {@code flag}, {@code
 * number}, {@code seconds}, {@code minutes}, {@code millis}, {@code bytes}, {@code size}, {@code
 * text}, {@code secret}, {@code word}, {@code reference}, {@code list}, {@code references}, {@code
 * joined}, {@code address} or {@code fixed}. Getters tell what is in force; setters put a value
 * under the key, or take the key away.
 */
final class Settings {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Api api;
    private final Backing.Mapped backing;
    private final SoapType type;
    private final boolean keyed;

    private Settings(Api api, Operation operation, Backing.Mapped backing) {
        this.api = api;
        this.backing = backing;
        int own = operation.ownParts().size();
        this.keyed = operation.verb() == Operation.Verb.GET ? own > 0 : own > 1;
        SoapType whole =
                operation.result() == null
                        ? operation.ownParts().getLast().type()
                        : operation.result().type();
        this.type = keyed && whole instanceof SoapType.ListOf(SoapType item) ? item : whole;
    }

    static void register(Handlers handlers) {
        handlers.general(
                Settings::handler,
                "flag",
                "number",
                "seconds",
                "minutes",
                "millis",
                "bytes",
                "size",
                "text",
                "secret",
                "word",
                "reference",
                "list",
                "references",
                "joined",
                "address",
                "fixed");
    }

    private static Handler handler(Api api, Operation operation, Backing.Mapped backing) {
        Settings settings = new Settings(api, operation, backing);
        return switch (operation.verb()) {
            case GET -> settings::get;
            case SET -> settings::set;
            case ADD -> call -> settings.edit(call, true);
            case REMOVE -> call -> settings.edit(call, false);
            case CALL ->
                    throw new IllegalStateException(
                            operation.name()
                                    + " is no property and so cannot be "
                                    + backing.kind());
        };
    }

    private Object get(Call call) throws SoapProblem {
        if (!keyed) {
            return read(Effective.at(call.draft().config(), api.section()));
        }
        List<Object> values = new ArrayList<>();
        for (String name : call.texts(0)) {
            values.add(read(call.draft().object(api.section(), api.noun(), name)));
        }
        return values;
    }

    private @Nullable Object set(Call call) throws SoapProblem {
        if (!keyed) {
            write(call, null, call.arguments().getFirst());
            return null;
        }
        List<String> names = call.texts(0);
        List<?> values = (List<?>) call.arguments().get(1);
        for (int i = 0; i < names.size(); i++) {
            call.draft().object(api.section(), api.noun(), names.get(i));
            write(call, names.get(i), values.get(i));
        }
        return null;
    }

    private @Nullable Object edit(Call call, boolean add) throws SoapProblem {
        List<String> names = call.texts(0);
        List<List<String>> values = call.lists(1);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            List<String> entries = current(call, name);
            for (String value : values.get(i)) {
                if (add && !entries.contains(value)) {
                    entries.add(value);
                } else if (!add && !entries.remove(value)) {
                    throw invalid(name, value, "one of " + String.join(", ", entries));
                }
            }
            write(call, name, entries);
        }
        return null;
    }

    /** The entries of a list, with what this call has done to them so far. */
    private List<String> current(Call call, String name) throws SoapProblem {
        List<String> path = new ArrayList<>(List.of(api.section(), name));
        path.addAll(List.of(key().split("\\.", -1)));
        JsonNode written = call.draft().put(path);
        List<String> entries = new ArrayList<>();
        if (written != null) {
            written.forEach(entry -> entries.add(entry.asString()));
        } else {
            entries.addAll(
                    Values.texts(value(call.draft().object(api.section(), api.noun(), name))));
        }
        return entries;
    }

    private String key() {
        return backing.word(0);
    }

    private @Nullable Object value(@Nullable Object record) {
        return Effective.at(record, key());
    }

    private Object read(@Nullable Object record) {
        if (backing.kind().equals("fixed")) {
            return Values.fixed(type, key());
        }
        Object value = value(record);
        return switch (backing.kind()) {
            case "flag" -> Boolean.TRUE.equals(value);
            case "number", "bytes" -> Values.number(value);
            case "seconds" -> Values.seconds(value);
            case "minutes" -> (Values.seconds(value) + 59) / 60;
            case "millis" -> Values.millis(value);
            case "size" -> Values.text(value);
            case "secret" -> value == null ? "" : "***";
            case "word" -> Words.of(backing).toWire(Values.text(value));
            case "list", "references" -> Values.texts(value);
            case "joined" -> Unset.shown(String.join(",", Values.texts(value)));
            case "text", "address" -> Unset.shown(Values.text(value));
            default -> Values.text(value);
        };
    }

    private void write(Call call, @Nullable String name, Object value) throws SoapProblem {
        if (backing.kind().equals("fixed")) {
            Object fixed = Values.fixed(type, key());
            if (!fixed.equals(value)) {
                throw SoapProblem.invalid(
                        api.name()
                                + "."
                                + call.operation().subject()
                                + " is always "
                                + fixed
                                + " in Weir, so it cannot become '"
                                + value
                                + "'",
                        name == null ? "" : name,
                        call.operation().subject(),
                        value.toString());
            }
            return;
        }
        JsonNode json = json(call, name, value);
        if (json == null && Unset.isNeeded(call, api.section(), name, key())) {
            json = Unset.of(api.section(), key());
        }
        call.draft().set(api.section(), name, key(), json);
        Unset.complete(call, api.section(), name, key(), json);
    }

    private @Nullable JsonNode json(Call call, @Nullable String name, Object value)
            throws SoapProblem {
        return switch (backing.kind()) {
            case "flag" -> JSON.booleanNode((Boolean) value);
            case "number", "bytes" -> JSON.numberNode((Long) value);
            case "seconds" -> JSON.stringNode(value + "s");
            case "minutes" -> JSON.stringNode(value + "m");
            case "millis" -> JSON.stringNode(value + "ms");
            case "word" -> {
                String word = Words.of(backing).toKey((String) value);
                if (word == null) {
                    throw invalid(name, (String) value, Words.of(backing).expected(type));
                }
                yield JSON.stringNode(word);
            }
            case "reference" -> {
                refer(call, name, List.of((String) value));
                yield textOrNone((String) value);
            }
            case "references" -> {
                refer(call, name, Values.texts(value));
                yield array(Values.texts(value));
            }
            case "list" -> array(Values.texts(value));
            case "joined" -> {
                List<String> entries = Values.split((String) value);
                yield entries.isEmpty() ? null : array(entries);
            }
            case "address" -> textOrNone(Values.withPort((String) value, backing.word(1)));
            default -> textOrNone((String) value);
        };
    }

    private static @Nullable JsonNode textOrNone(String text) {
        return text.isEmpty() ? null : JSON.stringNode(text);
    }

    private static ArrayNode array(List<String> entries) {
        ArrayNode array = JSON.arrayNode();
        new java.util.LinkedHashSet<>(entries).forEach(array::add);
        return array;
    }

    /** What is referred to must exist; an empty name refers to nothing. */
    private void refer(Call call, @Nullable String name, List<String> targets) throws SoapProblem {
        String section = backing.word(1);
        Set<String> known = call.draft().names(section);
        for (String target : targets) {
            if (!target.isEmpty() && !known.contains(target)) {
                throw SoapProblem.invalid(
                        "Unknown " + Values.noun(section) + " '" + target + "': it does not exist",
                        name == null ? "" : name,
                        key(),
                        target);
            }
        }
    }

    private SoapProblem invalid(@Nullable String name, String value, String expected) {
        return SoapProblem.invalid(
                "'" + value + "' cannot be taken for " + key() + ", expected " + expected,
                name == null ? "" : name,
                key(),
                value);
    }
}
