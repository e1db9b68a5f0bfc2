package io.weir.soap.operations;

import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The arguments of the programs that monitors and actions run. For clients they are pairs of a name
 * and a value; {@code --name=value} is what the program gets.
 */
final class ProgramArguments {

    /** The arguments of an object; null when it runs no program. */
    private final Function<Object, @Nullable List<String>> of;

    private ProgramArguments(Function<Object, @Nullable List<String>> of) {
        this.of = of;
    }

    /**
     * Gives four operations their code.
     *
     * @param operations their names, with {@code %s} for the verb
     * @param of the arguments of an object of the interface's section; null when it runs no program
     */
    static void register(
            Handlers handlers, String operations, Function<Object, @Nullable List<String>> of) {
        ProgramArguments calls = new ProgramArguments(of);
        handlers.on(operations.formatted("get"), calls::get);
        handlers.on(operations.formatted("add"), calls::add);
        handlers.on(operations.formatted("update"), calls::update);
        handlers.on(operations.formatted("remove"), calls::remove);
    }

    private List<String> current(Call call, String name) throws SoapProblem {
        String noun = call.api().noun();
        List<String> arguments = of.apply(call.draft().object(call.api().section(), noun, name));
        if (arguments == null) {
            throw SoapProblem.notAllowed(
                    "the "
                            + noun
                            + " '"
                            + name
                            + "' runs no program, expected one of the type program",
                    name);
        }
        return new ArrayList<>(arguments);
    }

    private Object get(Call call) throws SoapProblem {
        List<List<StructValue>> all = new ArrayList<>();
        for (String name : call.texts(0)) {
            List<StructValue> arguments = new ArrayList<>();
            for (String argument : current(call, name)) {
                int equals = argument.indexOf('=');
                boolean pair = argument.startsWith("--") && equals > 0;
                arguments.add(
                        StructValue.of(
                                call.type("Argument"),
                                pair ? argument.substring(2, equals) : "",
                                pair ? argument.substring(equals + 1) : argument,
                                ""));
            }
            all.add(arguments);
        }
        return all;
    }

    private static String written(StructValue argument) {
        String name = argument.text("name");
        return name.isEmpty() ? argument.text("value") : "--" + name + "=" + argument.text("value");
    }

    private @Nullable Object add(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<String> arguments = current(call, names.get(i));
            for (StructValue argument : call.structLists(1).get(i)) {
                arguments.add(written(argument));
            }
            put(call, names.get(i), arguments);
        }
        return null;
    }

    private @Nullable Object update(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<String> arguments = current(call, names.get(i));
            List<String> which = call.lists(1).get(i);
            List<StructValue> replacements = call.structLists(2).get(i);
            for (int a = 0; a < Math.min(which.size(), replacements.size()); a++) {
                arguments.set(
                        find(arguments, names.get(i), which.get(a)), written(replacements.get(a)));
            }
            put(call, names.get(i), arguments);
        }
        return null;
    }

    private @Nullable Object remove(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            List<String> arguments = current(call, names.get(i));
            for (String argument : call.lists(1).get(i)) {
                arguments.remove(find(arguments, names.get(i), argument));
            }
            put(call, names.get(i), arguments);
        }
        return null;
    }

    private static int find(List<String> arguments, String object, String name) throws SoapProblem {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith("--" + name + "=")) {
                return i;
            }
        }
        throw SoapProblem.invalid(
                "the argument '" + name + "' could not be found", object, "arguments", name);
    }

    private static void put(Call call, String name, List<String> arguments) throws SoapProblem {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        arguments.forEach(array::add);
        call.draft().set(call.api().section(), name, "arguments", array);
    }
}
