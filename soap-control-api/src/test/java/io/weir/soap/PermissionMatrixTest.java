package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.admin.Caller;
import io.weir.admin.Permissions;
import io.weir.admin.users.Role;
import io.weir.control.Author;
import io.weir.soap.call.Peer;
import io.weir.soap.call.SoapProblem;
import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Tables;
import io.weir.testkit.RoleTable;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import javax.xml.parsers.DocumentBuilderFactory;

/**
 * Every operation of every interface, called by a user of every role: what is let through is what
 * the table below says, and nothing else. An interface that is new has to be named here.
 */
class PermissionMatrixTest {

    /** What the objects of each interface are, as REST and the pages call them. */
    private static final Map<String, String> KINDS =
            Map.ofEntries(
                    Map.entry("Alerting.Action", "actions"),
                    Map.entry("Alerting.EventType", "event-types"),
                    Map.entry("Catalog.Bandwidth", "bandwidth-classes"),
                    Map.entry("Catalog.Monitor", "monitors"),
                    Map.entry("Catalog.Persistence", "persistence-classes"),
                    Map.entry("Catalog.Protection", "protection-classes"),
                    Map.entry("Catalog.Rate", "rate-classes"),
                    Map.entry("Catalog.Rule", "rules"),
                    Map.entry("Catalog.SLM", "service-level-classes"),
                    Map.entry("Catalog.SSL.CertificateAuthorities", "files"),
                    Map.entry("Catalog.SSL.Certificates", "files"),
                    Map.entry("Catalog.SSL.ClientCertificates", "files"),
                    Map.entry("Conf.Extra", "files"),
                    Map.entry("Diagnose", "status"),
                    Map.entry("GLB.Service", "global"),
                    Map.entry("GlobalSettings", "global"),
                    Map.entry("Location", "global"),
                    Map.entry("Pool", "pools"),
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
                    Map.entry("Users", "users"),
                    Map.entry("VirtualServer", "virtual-servers"));

    /** What does something but changes no configuration. */
    private static final Set<String> OPERATE =
            Set.of(
                    "addDisabledNodes",
                    "addDrainingNodes",
                    "clearCacheContentItems",
                    "clearErrorLog",
                    "clearMatchingCacheContent",
                    "clearWebCache",
                    "disableNodes",
                    "enableNodes",
                    "removeDisabledNodes",
                    "removeDrainingNodes",
                    "setDisabledNodes",
                    "setDrainingNodes",
                    "setNodesWeightings",
                    "testAction");

    private static final List<String> LOOKING =
            List.of("get", "list", "is", "diagnose", "check", "download");

    @TempDir Path directory;
    private SoapRig rig;

    @BeforeEach
    void open() throws Exception {
        rig = SoapRig.managed(directory, "pools: {web: {nodes: [\"127.0.0.1:81\"]}}\n");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static Map<String, Permissions> roles() {
        Map<String, Permissions> roles = new LinkedHashMap<>();
        Role.BUILT_IN.forEach((name, role) -> roles.put(name, role.permissions()));
        roles.put(RoleTable.DRAINER, RoleTable.drainer());
        return roles;
    }

    private static String action(Operation operation) {
        String name = operation.baseName();
        return LOOKING.stream().anyMatch(name::startsWith)
                ? "read"
                : OPERATE.contains(name) ? "operate" : "change";
    }

    private static String kind(Api api, Operation operation) {
        return switch (operation.baseName()) {
            case "getAuditLogLines", "getAuditLog" -> "audit";
            case "getTechnicalSupportReport" -> "process";
            default -> Objects.requireNonNull(KINDS.get(api.name()), api.name());
        };
    }

    @Test
    void everyRoleIsAllowedJustWhatTheTableSays() throws Exception {
        Document document =
                DocumentBuilderFactory.newNSInstance().newDocumentBuilder().newDocument();
        List<String> wrong = new ArrayList<>();
        int cells = 0;
        for (Api api : Tables.load().all()) {
            if (api.isCallback()) {
                continue;
            }
            for (Operation operation : api.all()) {
                for (Map.Entry<String, Permissions> role : roles().entrySet()) {
                    boolean expected =
                            RoleTable.may(role.getKey(), kind(api, operation), action(operation));
                    boolean allowed =
                            isLetThrough(
                                    document.createElementNS(api.namespace(), operation.name()),
                                    role.getKey(),
                                    role.getValue());
                    cells++;
                    if (allowed != expected) {
                        wrong.add(role.getKey() + " " + api.name() + "." + operation.name());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(cells).isGreaterThan(5000);
    }

    private boolean isLetThrough(Element call, String role, Permissions permissions) {
        Caller caller = new Caller(role, "127.0.0.1", permissions, Caller.Means.PASSWORD);
        try {
            rig.dispatcher.answer(
                    call,
                    new Peer(Author.of(caller, Author.Channel.SOAP), SoapHandler.rights(caller)));
            return true;
        } catch (SoapProblem e) {
            return !String.valueOf(e.getMessage()).contains(" is not allowed to ");
        }
    }
}
