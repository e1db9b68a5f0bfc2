package io.weir.soap.operations;

import io.weir.control.ConfigStore;
import io.weir.control.Control;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Extra files beside the configuration, such as error pages, and virtual servers that use them. */
final class ExtraFileCalls {

    private static final String FOLDER = "extra/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9 ._-]{0,127}");
    private static final String BUILT_IN_PAGE = "Default";

    private ExtraFileCalls() {}

    static void register(Handlers handlers) {
        for (String api : List.of("Conf.Extra.", "Conf.Extra@1.0.")) {
            handlers.on(api + "getFileNames", call -> names(call));
            handlers.on(api + "deleteFile", ExtraFileCalls::delete);
        }
        handlers.on("Conf.Extra.uploadFile", ExtraFileCalls::upload);
        handlers.on("Conf.Extra.downloadFile", call -> content(call, call.text(0)));
        handlers.on("Conf.Extra@1.0.addFile", call -> write(call, true));
        handlers.on("Conf.Extra@1.0.writeFile", call -> write(call, false));
        handlers.on("Conf.Extra@1.0.getFile", ExtraFileCalls::read);
        handlers.on("VirtualServer.getErrorFile", ExtraFileCalls::errorFiles);
        handlers.on("VirtualServer.setErrorFile", ExtraFileCalls::setErrorFiles);
    }

    private static List<String> names(Call call) {
        List<String> names = new ArrayList<>();
        for (ConfigStore.StoredFile file : call.services().control().files()) {
            if (file.path().startsWith(FOLDER)) {
                names.add(file.path().substring(FOLDER.length()));
            }
        }
        return names;
    }

    private static byte[] content(Call call, String name) throws SoapProblem {
        Control control = call.services().control();
        byte[] content = names(call).contains(name) ? control.file(FOLDER + name) : null;
        if (content == null) {
            throw SoapProblem.unknown("file", name);
        }
        return content;
    }

    private static @Nullable Object upload(Call call) throws SoapProblem {
        put(call, call.text(0), call.bytes(1));
        return null;
    }

    /** Whether a file beside the configuration can have this name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static void put(Call call, String name, byte[] content) throws SoapProblem {
        if (!isName(name)) {
            throw CatalogCalls.badName(name);
        }
        call.draft().putFile(FOLDER + name, content);
    }

    private static @Nullable Object write(Call call, boolean fresh) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            if (fresh && names(call).contains(names.get(i))) {
                throw SoapProblem.typed(
                        FaultKind.OBJECT_ALREADY_EXISTS,
                        "the file '" + names.get(i) + "' already exists",
                        names.get(i));
            }
            put(call, names.get(i), call.texts(1).get(i).getBytes(StandardCharsets.UTF_8));
        }
        return null;
    }

    private static Object read(Call call) throws SoapProblem {
        List<String> contents = new ArrayList<>();
        for (String name : call.texts(0)) {
            contents.add(new String(content(call, name), StandardCharsets.UTF_8));
        }
        return contents;
    }

    private static @Nullable Object delete(Call call) throws SoapProblem {
        Set<String> distinct = new LinkedHashSet<>(call.texts(0));
        for (String name : distinct) {
            content(call, name);
            call.draft().removeFile(FOLDER + name);
        }
        return null;
    }

    private static Object errorFiles(Call call) throws SoapProblem {
        List<String> files = new ArrayList<>();
        for (String name : call.texts(0)) {
            Path file = VirtualServerCalls.server(call, name).errorFile();
            Path last = file == null ? null : file.getFileName();
            files.add(last == null ? BUILT_IN_PAGE : last.toString());
        }
        return files;
    }

    private static @Nullable Object setErrorFiles(Call call) throws SoapProblem {
        List<String> names = call.texts(0);
        for (int i = 0; i < names.size(); i++) {
            VirtualServerCalls.server(call, names.get(i));
            String file = call.texts(1).get(i);
            boolean builtIn = file.isEmpty() || file.equals(BUILT_IN_PAGE);
            if (!builtIn && !names(call).contains(file)) {
                throw SoapProblem.invalid(
                        "the file '" + file + "' could not be found in the extra files",
                        names.get(i),
                        "error-file",
                        file);
            }
            call.draft()
                    .set(
                            "virtual-servers",
                            names.get(i),
                            "error-file",
                            builtIn ? null : JsonNodeFactory.instance.stringNode(FOLDER + file));
        }
        return null;
    }
}
