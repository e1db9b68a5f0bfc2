package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testkit.Await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Users, backups, access logs and figures of the machine. */
class AdministrationTest {

    private static final String CONFIG =
            """
            virtual-servers:
              shop: {listen: "127.0.0.1:0", pool: web, log: {file: "%v-%{%Y}t.log", enabled: false}}
            pools:
              web: {nodes: ["127.0.0.1:81"]}
            rate-classes:
              pace: {max-rate-per-second: 9}
            """;

    @TempDir Path directory;
    private SoapRig rig;

    @BeforeEach
    void start() throws Exception {
        rig = SoapRig.managed(directory, CONFIG);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void usersAreAddedWithARoleAndRemoved() {
        assertThat(rig.items("Users.listGroups")).isEqualTo("[admin, editor, operator, viewer]");
        rig.items("Users.addUser", "<u>um</u>", "<p>rain on the tin roof</p>", "<g>operator</g>");

        assertThat(rig.items("Users.listUsers")).isEqualTo("[um]");
        assertThat(rig.call("Users.listUsers")).doesNotContain("tin roof");
        rig.items("Users.changePassword", "<u>um</u>", "<p>snow on the tin roof</p>");
        assertThat(rig.fault("Users.addUser", "<u>um</u>", "<p>p</p>", "<g>operator</g>"))
                .isEqualTo("ObjectAlreadyExists um");
        assertThat(rig.fault("Users.addUser", "<u>x</u>", "<p>p</p>", "<g>nobles</g>"))
                .isEqualTo("ObjectDoesNotExist nobles");
        assertThat(rig.fault("Users.addUser", "<u>x</u>", "<p>p</p>", "<g>operator</g>"))
                .startsWith("InvalidInput");
        rig.items("Users.deleteUser", "<u>um</u>");
        assertThat(rig.fault("Users.deleteUser", "<u>um</u>")).isEqualTo("ObjectDoesNotExist um");
    }

    @Test
    void aBackupBringsBackWhatWasThereWithItsFilesAndSecrets() {
        rig.items("Conf.Extra.uploadFile", "<n>sorry.html</n>", "<c>PGI+</c>");
        rig.items("Catalog.Monitor.addMonitors", list("m"));
        rig.items("Catalog.Monitor.setType", list("m"), list("http"));
        rig.items("Catalog.Monitor.setAuthentication", list("m"), list("u:geheim"));
        rig.items("System.Backups.createBackup", "<n>monday</n>", "<d>before the change</d>");

        rig.items("Pool.addPool", list("other"), lists("10.0.0.1:1"));
        rig.items("Catalog.Monitor.deleteMonitors", list("m"));
        rig.items("Conf.Extra.deleteFile", list("sorry.html"));
        rig.items("Conf.Extra.uploadFile", "<n>new.html</n>", "<c>PGI+</c>");
        rig.items("System.Backups.restoreBackup", "<n>monday</n>");

        assertThat(rig.items("Pool.getPoolNames")).isEqualTo("[web]");
        assertThat(rig.items("Conf.Extra.getFileNames")).isEqualTo("[sorry.html]");
        assertThat(rig.items("Catalog.Monitor.getAuthentication", list("m"))).isEqualTo("[***]");
        assertThat(rig.items("System.Backups.listAllBackups"))
                .startsWith("[[monday, before the change, ");
        assertThat(rig.fault("System.Backups.restoreBackup", "<n>sunday</n>"))
                .isEqualTo("ObjectDoesNotExist sunday");
        assertThat(rig.fault("System.Backups.createBackup", "<n>monday</n>", "<d/>"))
                .isEqualTo("ObjectAlreadyExists monday");
        assertThat(rig.fault("System.Backups.createBackup", "<n>../x</n>", "<d/>"))
                .isEqualTo("InvalidObjectName ../x");
    }

    @Test
    void aBackupIsTakenAwayAndBroughtBack() {
        rig.items("System.Backups.createBackup", "<n>one</n>", "<d/>");
        String content = rig.items("System.Backups.downloadBackup", "<n>one</n>");
        rig.items("System.Backups.deleteBackups", list("one"));
        assertThat(rig.items("System.Backups.listAllBackups")).isEqualTo("[]");

        rig.items("System.Backups.uploadBackup", "<n>two</n>", "<b>" + content + "</b>");
        assertThat(rig.items("System.Backups.getBackupDetails", list("two"))).startsWith("[[two, ");
        assertThat(rig.fault("System.Backups.uploadBackup", "<n>bad</n>", "<b>PGI+</b>"))
                .startsWith("InvalidInput");
        rig.items("System.Backups.deleteAllBackups");
        assertThat(rig.items("System.Backups.listAllBackups")).isEqualTo("[]");
    }

    @Test
    void accessLogsAreListedByVirtualServerAndDeletedByName() throws Exception {
        Path logs = directory.resolve("log");
        Files.writeString(logs.resolve("shop-2029.log"), "12345\n");
        Files.writeString(logs.resolve("shop-2030.log"), "1\n");
        Files.writeString(logs.resolve("events.log"), "not an access log\n");

        assertThat(rig.items("System.RequestLogs.getVSRequestLogs", list("shop")))
                .contains("shop-2029.log, shop, ")
                .contains(", 6]")
                .contains("shop-2030.log")
                .doesNotContain("events.log");
        rig.items("System.AccessLogs.deleteVSAccessLog", list("shop-2029.log"));
        assertThat(logs.resolve("shop-2029.log")).doesNotExist();
        assertThat(rig.fault("System.RequestLogs.deleteVSRequestLog", list("events.log")))
                .startsWith("InvalidInput events.log");
        rig.items("System.RequestLogs.deleteAllVSRequestLogs");
        assertThat(rig.items("System.RequestLogs.getAllVSRequestLogs")).isEqualTo("[]");
        assertThat(logs.resolve("events.log")).exists();
    }

    @Test
    void whoDeletedAccessLogsIsOnRecord() throws Exception {
        Path logs = directory.resolve("log");
        Files.writeString(logs.resolve("shop-2029.log"), "12345\n");

        rig.items("System.RequestLogs.deleteVSRequestLog", list("shop-2029.log"));

        assertThat(rig.control.audit().last(1))
                .singleElement()
                .satisfies(
                        entry -> {
                            assertThat(entry.author().name()).isEqualTo("admin");
                            assertThat(entry.action()).isEqualTo("delete-access-log");
                            assertThat(entry.objects()).containsExactly("logs/shop-2029.log");
                            assertThat(entry.accepted()).isTrue();
                        });
    }

    @Test
    void aConnectionIsListedWithWhatItWaitsFor() throws Exception {
        assertThat(rig.items("System.Connections.getAllConnections")).isEqualTo("[]");
        String listen =
                rig.control.status().plane().virtualServers().getFirst().listen().getFirst();
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write("GET /half HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            String from = "127.0.0.1:" + client.getLocalPort();
            Await.until(
                    "the connection is listed",
                    () -> rig.items("System.Connections.getAllConnections").contains(from));
            assertThat(rig.items("System.Connections.getAllConnections"))
                    .startsWith(
                            "[[" + from + ", 127.0.0.1:" + port + ", , reading_from_client, shop");
        }
    }

    @Test
    void theMachineHasMemoryAndInterfaces() {
        assertThat(Long.parseLong(rig.items("System.Stats.getSysMemTotal"))).isPositive();
        assertThat(Long.parseLong(rig.items("System.Stats.getSysFDsFree"))).isPositive();
        assertThat(rig.items("System.Stats.getInterfaces")).contains("lo");
        assertThat(rig.items("System.Stats.getInterfaceRxBytes", list("lo"))).matches("\\[\\d+]");
        assertThat(rig.fault("System.Stats.getInterfaceRxBytes", list("nope0")))
                .startsWith("InvalidInput nope0");
        assertThat(Long.parseLong(rig.items("System.Stats.getSysCPUBusyPercent")))
                .isBetween(0L, 100L);
        assertThat(rig.items("System.Stats.getRateClassMaxRatePerSec", list("pace")))
                .isEqualTo("[9]");
        assertThat(rig.items("System.Stats.getIpSessionCacheEntries")).isEqualTo("0");
        assertThat(rig.items("System.Stats.getTrafficIPs")).isEqualTo("[]");
    }
}
