package io.weir.soap.operations;

import io.weir.control.NamedBackups;
import io.weir.control.RefusedException;
import io.weir.soap.call.Call;
import io.weir.soap.call.Handler;
import io.weir.soap.call.Handlers;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.StructValue;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Backups of the configuration, each with a name. */
final class BackupCalls {

    private BackupCalls() {}

    /** What a call does with the backups. */
    @FunctionalInterface
    private interface Deed {
        @Nullable Object run(Call call, NamedBackups backups) throws RefusedException, SoapProblem;
    }

    static void register(Handlers handlers) {
        String b = "System.Backups.";
        handlers.on(b + "listAllBackups", handler((call, all) -> structs(call, all.list())));
        handlers.on(b + "getBackupDetails", handler(BackupCalls::details));
        handlers.on(
                b + "createBackup",
                handler(
                        (call, all) -> {
                            fresh(call, all);
                            all.create(call.text(0), call.text(1), call.peer().author());
                            return null;
                        }));
        handlers.on(
                b + "uploadBackup",
                handler(
                        (call, all) -> {
                            fresh(call, all);
                            all.upload(call.text(0), call.bytes(1), call.peer().author());
                            return null;
                        }));
        handlers.on(b + "downloadBackup", handler((call, all) -> all.content(call.text(0))));
        handlers.on(
                b + "restoreBackup",
                handler(
                        (call, all) -> {
                            var _ = all.restore(call.text(0), call.peer().author());
                            return null;
                        }));
        handlers.on(
                b + "deleteBackups",
                handler(
                        (call, all) -> {
                            all.delete(
                                    call.texts(0).stream().distinct().toList(),
                                    call.peer().author());
                            return null;
                        }));
        handlers.on(
                b + "deleteAllBackups",
                handler(
                        (call, all) -> {
                            all.delete(all.names(), call.peer().author());
                            return null;
                        }));
    }

    private static Handler handler(Deed deed) {
        return call -> {
            try {
                return deed.run(call, call.services().backups());
            } catch (RefusedException e) {
                throw call.refused(e);
            }
        };
    }

    private static void fresh(Call call, NamedBackups backups)
            throws RefusedException, SoapProblem {
        String name = call.text(0);
        if (!CatalogCalls.isName(name)) {
            throw CatalogCalls.badName(name);
        }
        if (backups.names().contains(name)) {
            throw SoapProblem.typed(
                    FaultKind.OBJECT_ALREADY_EXISTS,
                    "the backup '" + name + "' already exists",
                    name);
        }
    }

    private static Object details(Call call, NamedBackups backups)
            throws RefusedException, SoapProblem {
        List<NamedBackups.Backup> all = backups.list();
        List<NamedBackups.Backup> asked = new ArrayList<>();
        for (String name : call.texts(0)) {
            asked.add(
                    all.stream()
                            .filter(backup -> backup.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> SoapProblem.unknown("backup", name)));
        }
        return structs(call, asked);
    }

    private static Object structs(Call call, List<NamedBackups.Backup> backups) {
        List<StructValue> all = new ArrayList<>();
        for (NamedBackups.Backup backup : backups) {
            all.add(
                    StructValue.of(
                            call.type("Backup"),
                            backup.name(),
                            backup.description(),
                            backup.date(),
                            backup.version()));
        }
        return all;
    }
}
