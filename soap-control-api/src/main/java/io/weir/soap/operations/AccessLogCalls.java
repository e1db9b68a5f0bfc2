package io.weir.soap.operations;

import io.weir.config.VirtualServerConfig;
import io.weir.control.Audit;
import io.weir.log.AccessLogFiles;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of access logs, named relative to the log directory: what both {@code
 * System.RequestLogs} and its older twin {@code System.AccessLogs} do. A log that is deleted while
 * it is written is begun anew.
 */
final class AccessLogCalls {

    private final String type;

    private AccessLogCalls(String type) {
        this.type = type;
    }

    static void register(Handlers handlers) {
        for (String kind : List.of("Request", "Access")) {
            AccessLogCalls calls = new AccessLogCalls("VS" + kind + "Log");
            String api = "System." + kind + "Logs.";
            handlers.on(
                    api + "getAllVS" + kind + "Logs",
                    call -> {
                        List<StructValue> all = new ArrayList<>();
                        for (String server : servers(call)) {
                            all.addAll(calls.logs(call, server));
                        }
                        return all;
                    });
            handlers.on(
                    api + "getVS" + kind + "Logs",
                    call -> {
                        List<List<StructValue>> all = new ArrayList<>();
                        for (String server : call.texts(0)) {
                            all.add(calls.logs(call, server));
                        }
                        return all;
                    });
            handlers.on(api + "deleteVS" + kind + "Log", AccessLogCalls::deleteNamed);
            handlers.on(api + "deleteVS" + kind + "Logs", call -> deleteOf(call, call.texts(0)));
            handlers.on(api + "deleteAllVS" + kind + "Logs", call -> deleteOf(call, servers(call)));
        }
    }

    private static List<String> servers(Call call) {
        return List.copyOf(call.draft().config().virtualServers().keySet());
    }

    private static Path directory(Call call) {
        return call.services().directories().log().toAbsolutePath().normalize();
    }

    private static List<AccessLogFiles.LogFile> files(Call call, String server) throws SoapProblem {
        VirtualServerConfig config = call.draft().config().virtualServers().get(server);
        if (config == null) {
            throw SoapProblem.notAllowed(
                    "Unknown virtual server '" + server + "': it does not exist", server);
        }
        try {
            return AccessLogFiles.of(directory(call), server, config.log().file());
        } catch (IOException e) {
            throw SoapProblem.internal("the log directory cannot be read: " + e.getMessage());
        }
    }

    private static String name(Call call, Path file) {
        return directory(call).relativize(file).toString();
    }

    private List<StructValue> logs(Call call, String server) throws SoapProblem {
        List<StructValue> all = new ArrayList<>();
        for (AccessLogFiles.LogFile file : files(call, server)) {
            all.add(
                    StructValue.of(
                            call.type(type),
                            name(call, file.path()),
                            server,
                            file.changed(),
                            file.bytes()));
        }
        return all;
    }

    private static @Nullable Object deleteNamed(Call call) throws SoapProblem {
        Set<Path> known = new LinkedHashSet<>();
        for (String server : servers(call)) {
            files(call, server).forEach(file -> known.add(file.path()));
        }
        Set<Path> wanted = new LinkedHashSet<>();
        for (String name : call.texts(0)) {
            wanted.add(
                    known.stream()
                            .filter(path -> name(call, path).equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            SoapProblem.invalid(
                                                    "there is no access log '"
                                                            + name
                                                            + "': it could not be found",
                                                    name,
                                                    "logfiles",
                                                    name)));
        }
        delete(call, wanted);
        return null;
    }

    private static @Nullable Object deleteOf(Call call, List<String> servers) throws SoapProblem {
        Set<Path> wanted = new LinkedHashSet<>();
        for (String server : servers) {
            files(call, server).forEach(file -> wanted.add(file.path()));
        }
        delete(call, wanted);
        return null;
    }

    private static void delete(Call call, Set<Path> files) throws SoapProblem {
        Audit audit = call.services().control().audit();
        for (Path file : files) {
            List<String> objects = List.of("logs/" + name(call, file));
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                audit.refused(call.peer().author(), "delete-access-log", objects, e.toString());
                throw SoapProblem.internal(
                        "the access log " + file.getFileName() + " cannot be deleted: " + e);
            }
            audit.accepted(call.peer().author(), "delete-access-log", objects, "");
        }
    }
}
