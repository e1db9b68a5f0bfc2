package io.weir.soap.call;

import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;

import java.util.Map;

/**
 * What operations ask permission for, in the kinds of object that REST and the pages ask for too:
 * one matrix of roles holds everywhere.
 */
final class Kinds {

    /** Kinds of interfaces that are not about a section of the configuration. */
    private static final Map<String, String> OF_INTERFACES =
            Map.ofEntries(
                    Map.entry("Alerting.Action", "actions"),
                    Map.entry("Alerting.EventType", "event-types"),
                    Map.entry("AlertCallback", "events"),
                    Map.entry("Catalog.SSL.CertificateAuthorities", "files"),
                    Map.entry("Catalog.SSL.Certificates", "files"),
                    Map.entry("Catalog.SSL.ClientCertificates", "files"),
                    Map.entry("Conf.Extra", "files"),
                    Map.entry("Diagnose", "status"),
                    Map.entry("GLB.Service", "global"),
                    Map.entry("Location", "global"),
                    Map.entry("System.AccessLogs", "logs"),
                    Map.entry("System.Backups", "history"),
                    Map.entry("System.Cache", "cache"),
                    Map.entry("System.Connections", "connections"),
                    Map.entry("System.Log", "events"),
                    Map.entry("System.MachineInfo", "status"),
                    Map.entry("System.Management", "process"),
                    Map.entry("System.RequestLogs", "logs"),
                    Map.entry("System.Stats", "status"),
                    Map.entry("TrafficIPGroups", "global"),
                    Map.entry("Users", "users"));

    private Kinds() {}

    /**
     * The kind of object that an operation is about.
     *
     * @throws IllegalStateException when nobody has said it
     */
    static String of(Api api, Operation operation) {
        if (!api.section().isEmpty()) {
            return api.section();
        }
        if (operation.baseName().startsWith("getAuditLog")) {
            return "audit";
        }
        if (operation.baseName().equals("getTechnicalSupportReport")) {
            return "process";
        }
        String kind = OF_INTERFACES.get(api.name());
        if (kind == null) {
            throw new IllegalStateException("nobody may call " + api.name());
        }
        return kind;
    }
}
