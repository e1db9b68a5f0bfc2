package io.weir.soap.operations;

import io.weir.config.load.DocumentKeys;
import io.weir.control.ConfigStore;
import io.weir.control.Edit;
import io.weir.soap.call.Call;
import io.weir.soap.call.Effective;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The programs that monitors and actions run. One that was uploaded lies beside the configuration
 * and goes by its bare name here; any other is installed on the machine and goes by what the
 * configuration says.
 */
final class ProgramCalls {

    private static final String KEY = "program";

    private final String section;
    private final String folder;

    private ProgramCalls(String section) {
        this.section = section;
        this.folder = Edit.PROGRAMS + section + "/";
    }

    /**
     * Gives an interface its operations on programs.
     *
     * @param api with a dot at its end
     * @param noun what the operations call a program: {@code MonitorProgram}
     * @param property that names the program of an object
     */
    static void register(
            Handlers handlers, String api, String noun, String property, String section) {
        ProgramCalls calls = new ProgramCalls(section);
        handlers.on(api + "get" + noun + "Names", calls::names);
        handlers.on(api + "upload" + noun, calls::upload);
        handlers.on(api + "download" + noun, calls::download);
        handlers.on(api + "delete" + noun, calls::delete);
        handlers.on(api + "get" + property, calls::get);
        handlers.on(api + "set" + property, calls::set);
    }

    private Set<String> uploaded(Call call) {
        Set<String> names = new TreeSet<>();
        for (ConfigStore.StoredFile file : call.services().control().files()) {
            if (file.path().startsWith(folder)) {
                names.add(file.path().substring(folder.length()));
            }
        }
        return names;
    }

    private Object names(Call call) throws SoapProblem {
        Set<String> names = uploaded(call);
        for (String object : call.draft().names(section)) {
            names.add(shown(call, object));
        }
        names.remove("");
        return List.copyOf(names);
    }

    /** The program of an object; empty when it runs none. */
    private String shown(Call call, String object) throws SoapProblem {
        String written = call.draft().at(List.of(section, object, KEY)).asString("");
        if (written.startsWith(folder)) {
            return written.substring(folder.length());
        }
        Object record = call.draft().object(section, call.api().noun(), object);
        return Unset.shown(Values.text(Effective.at(record, KEY)));
    }

    private @Nullable Object upload(Call call) throws SoapProblem {
        String name = call.text(0);
        if (!ExtraFileCalls.isName(name)) {
            throw CatalogCalls.badName(name);
        }
        call.draft().putFile(folder + name, call.bytes(1));
        return null;
    }

    private void existing(Call call, String name) throws SoapProblem {
        if (!uploaded(call).contains(name)) {
            throw SoapProblem.unknown(KEY, name);
        }
    }

    private Object download(Call call) throws SoapProblem {
        existing(call, call.text(0));
        byte[] content = call.services().control().file(folder + call.text(0));
        if (content == null) {
            throw SoapProblem.unknown(KEY, call.text(0));
        }
        return content;
    }

    private @Nullable Object delete(Call call) throws SoapProblem {
        for (String name : new LinkedHashSet<>(call.texts(0))) {
            existing(call, name);
            String user = user(call, folder + name);
            if (user != null) {
                throw SoapProblem.typed(
                        FaultKind.OBJECT_IN_USE,
                        "the program '" + name + "' is in use: " + user + " runs it",
                        name);
            }
            call.draft().removeFile(folder + name);
        }
        return null;
    }

    /** What runs a file; null when nothing does. */
    private static @Nullable String user(Call call, String file) {
        if (!(call.draft().at(List.of()) instanceof ObjectNode document)) {
            return null;
        }
        List<String> users = new ArrayList<>();
        DocumentKeys.replaceTexts(
                document.deepCopy(),
                (role, path, value) -> {
                    if (role == DocumentKeys.Role.PROGRAM && value.equals(file)) {
                        users.add(path.get(0) + "/" + path.get(1));
                    }
                    return value;
                });
        return users.isEmpty() ? null : users.getFirst();
    }

    private Object get(Call call) throws SoapProblem {
        List<String> programs = new ArrayList<>();
        for (String name : call.texts(0)) {
            call.draft().object(section, call.api().noun(), name);
            programs.add(shown(call, name));
        }
        return programs;
    }

    private @Nullable Object set(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        Set<String> uploaded = uploaded(call);
        for (int i = 0; i < names.size(); i++) {
            call.draft().object(section, call.api().noun(), names.get(i));
            String program = call.texts(1).get(i);
            JsonNode json =
                    program.isEmpty()
                            ? Unset.isNeeded(call, section, names.get(i), KEY)
                                    ? Unset.of(section, KEY)
                                    : null
                            : JsonNodeFactory.instance.stringNode(
                                    uploaded.contains(program) ? folder + program : program);
            call.draft().set(section, names.get(i), KEY, json);
        }
        return null;
    }
}
