package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.soap.table.Api;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Tables;
import io.weir.soap.wsdl.Wsdl;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

/** The table against what is known of the model product, and against a running Weir. */
class TablesTest {

    private static final Tables TABLES = Tables.load();

    /** Operations of each interface, location twins included. */
    private static final Map<String, Integer> SIZES =
            Map.ofEntries(
                    Map.entry("AlertCallback", 1),
                    Map.entry("Alerting.Action", 88),
                    Map.entry("Alerting.EventType", 68),
                    Map.entry("Catalog.Bandwidth", 15),
                    Map.entry("Catalog.Monitor", 118),
                    Map.entry("Catalog.Persistence", 27),
                    Map.entry("Catalog.Protection", 95),
                    Map.entry("Catalog.Rate", 15),
                    Map.entry("Catalog.Rule", 9),
                    Map.entry("Catalog.SLM", 19),
                    Map.entry("Catalog.SSL.CertificateAuthorities", 7),
                    Map.entry("Catalog.SSL.Certificates", 11),
                    Map.entry("Catalog.SSL.ClientCertificates", 6),
                    Map.entry("Conf.Extra", 4),
                    Map.entry("Diagnose", 4),
                    Map.entry("GLB.Service", 80),
                    Map.entry("GlobalSettings", 687),
                    Map.entry("Location", 14),
                    Map.entry("Pool", 356),
                    Map.entry("System.AccessLogs", 5),
                    Map.entry("System.Backups", 8),
                    Map.entry("System.Cache", 5),
                    Map.entry("System.Connections", 1),
                    Map.entry("System.Log", 5),
                    Map.entry("System.MachineInfo", 8),
                    Map.entry("System.Management", 5),
                    Map.entry("System.RequestLogs", 5),
                    Map.entry("System.Stats", 339),
                    Map.entry("TrafficIPGroups", 39),
                    Map.entry("Users", 5),
                    Map.entry("VirtualServer", 537));

    @TempDir Path directory;

    @Test
    void hasEveryOperationOfEveryInterface() {
        SIZES.forEach(
                (name, size) ->
                        assertThat(TABLES.newest(name).operations()).as(name).hasSize(size));
    }

    @Test
    void everyGetterOfAnObjectReadsARealKey() throws Exception {
        String config =
                """
                virtual-servers:
                  x: {listen: "127.0.0.1:0", pool: x, service-level: x}
                pools:
                  x: {nodes: ["127.0.0.1:81"], monitors: [x]}
                monitors:
                  x: {type: http}
                persistence-classes: {x: {}}
                protection-classes: {x: {}}
                rate-classes: {x: {}}
                bandwidth-classes: {x: {}}
                service-level-classes: {x: {}}
                event-types: {x: {events: [nodefail]}}
                actions: {x: {}}
                """;
        List<String> wrong = new ArrayList<>();
        try (SoapRig rig = SoapRig.managed(directory, config)) {
            for (Api api : rig.dispatcher.tables().all()) {
                boolean global = api.section().equals("global");
                for (Operation operation : api.all()) {
                    boolean getter =
                            operation.verb() == Operation.Verb.GET
                                    && (global || !operation.ownParts().isEmpty());
                    if (!getter || operation.located() || api.section().isEmpty()) {
                        continue;
                    }
                    String answer =
                            rig.call(
                                    api.name() + "." + operation.name(),
                                    global ? new String[0] : new String[] {SoapRig.list("x")});
                    boolean supported = rig.dispatcher.supports(operation);
                    if (supported == answer.contains(":Fault>")) {
                        wrong.add(api.name() + "." + operation.name() + ": " + answer);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyDescriptionIsXmlInWhichEveryNameLeadsSomewhere() throws Exception {
        for (Api api : TABLES.all()) {
            for (String wsdl :
                    List.of(
                            Wsdl.encoded(api, "https://weir:9090/soap"),
                            Wsdl.literal(api, "https://weir:9090/soap"))) {
                DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
                Document document =
                        factory.newDocumentBuilder()
                                .parse(
                                        new ByteArrayInputStream(
                                                wsdl.getBytes(StandardCharsets.UTF_8)));
                assertThat(document.getDocumentElement().getAttribute("name"))
                        .isEqualTo(api.name());
                assertThat(wsdl).contains("name=\"" + api.name() + "Port\"");
            }
        }
    }

    @Test
    void wordsKeepTheOrderThatGeneratedClientsNumberThemBy() {
        assertThat(Wsdl.encoded(TABLES.newest("Catalog.Persistence"), "x"))
                .containsSubsequence(
                        "\"ip\"",
                        "\"universal\"",
                        "\"named\"",
                        "\"transparent\"",
                        "\"monitor-cookies\"",
                        "\"j2ee\"",
                        "\"asp\"",
                        "\"x-zeus\"",
                        "\"ssl\"");
    }
}
