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

    private String items(String operation, String... parameters) {
        return Answers.texts(rig.call(operation, parameters));
    }

    private String fault(String operation, String... parameters) {
        return Answers.fault(rig.call(operation, parameters));
    }

    @Test
    void usersAreAddedWithARoleAndRemoved() {
        assertThat(items("Users.listGroups")).isEqualTo("[admin, editor, operator, viewer]");
        items("Users.addUser", "<u>um</u>", "<p>rain on the tin roof</p>", "<g>operator</g>");

        assertThat(items("Users.listUsers")).isEqualTo("[um]");
        assertThat(rig.call("Users.listUsers")).doesNotContain("tin roof");
        items("Users.changePassword", "<u>um</u>", "<p>snow on the tin roof</p>");
        assertThat(fault("Users.addUser", "<u>um</u>", "<p>p</p>", "<g>operator</g>"))
                .isEqualTo("ObjectAlreadyExists um");
        assertThat(fault("Users.addUser", "<u>x</u>", "<p>p</p>", "<g>nobles</g>"))
                .isEqualTo("ObjectDoesNotExist nobles");
        assertThat(fault("Users.addUser", "<u>x</u>", "<p>p</p>", "<g>operator</g>"))
                .startsWith("InvalidInput");
        items("Users.deleteUser", "<u>um</u>");
        assertThat(fault("Users.deleteUser", "<u>um</u>")).isEqualTo("ObjectDoesNotExist um");
    }

    @Test
    void aBackupBringsBackWhatWasThereWithItsFilesAndSecrets() {
        items("Conf.Extra.uploadFile", "<n>sorry.html</n>", "<c>PGI+</c>");
        items("Catalog.Monitor.addMonitors", list("m"));
        items("Catalog.Monitor.setType", list("m"), list("http"));
        items("Catalog.Monitor.setAuthentication", list("m"), list("u:geheim"));
        items("System.Backups.createBackup", "<n>monday</n>", "<d>before the change</d>");

        items("Pool.addPool", list("other"), lists("10.0.0.1:1"));
        items("Catalog.Monitor.deleteMonitors", list("m"));
        items("Conf.Extra.deleteFile", list("sorry.html"));
        items("Conf.Extra.uploadFile", "<n>new.html</n>", "<c>PGI+</c>");
        items("System.Backups.restoreBackup", "<n>monday</n>");

        assertThat(items("Pool.getPoolNames")).isEqualTo("[web]");
        assertThat(items("Conf.Extra.getFileNames")).isEqualTo("[sorry.html]");
        assertThat(items("Catalog.Monitor.getAuthentication", list("m"))).isEqualTo("[***]");
        assertThat(items("System.Backups.listAllBackups"))
                .startsWith("[[monday, before the change, ");
        assertThat(fault("System.Backups.restoreBackup", "<n>sunday</n>"))
                .isEqualTo("ObjectDoesNotExist sunday");
        assertThat(fault("System.Backups.createBackup", "<n>monday</n>", "<d/>"))
                .isEqualTo("ObjectAlreadyExists monday");
        assertThat(fault("System.Backups.createBackup", "<n>../x</n>", "<d/>"))
                .isEqualTo("InvalidObjectName ../x");
    }

    @Test
    void aBackupIsTakenAwayAndBroughtBack() {
        items("System.Backups.createBackup", "<n>one</n>", "<d/>");
        String content = items("System.Backups.downloadBackup", "<n>one</n>");
        items("System.Backups.deleteBackups", list("one"));
        assertThat(items("System.Backups.listAllBackups")).isEqualTo("[]");

        items("System.Backups.uploadBackup", "<n>two</n>", "<b>" + content + "</b>");
        assertThat(items("System.Backups.getBackupDetails", list("two"))).startsWith("[[two, ");
        assertThat(fault("System.Backups.uploadBackup", "<n>bad</n>", "<b>PGI+</b>"))
                .startsWith("InvalidInput");
        items("System.Backups.deleteAllBackups");
        assertThat(items("System.Backups.listAllBackups")).isEqualTo("[]");
    }

    @Test
    void accessLogsAreListedByVirtualServerAndDeletedByName() throws Exception {
        Path logs = directory.resolve("log");
        Files.writeString(logs.resolve("shop-2029.log"), "12345\n");
        Files.writeString(logs.resolve("shop-2030.log"), "1\n");
        Files.writeString(logs.resolve("events.log"), "not an access log\n");

        assertThat(items("System.RequestLogs.getVSRequestLogs", list("shop")))
                .contains("shop-2029.log, shop, ")
                .contains(", 6]")
                .contains("shop-2030.log")
                .doesNotContain("events.log");
        items("System.AccessLogs.deleteVSAccessLog", list("shop-2029.log"));
        assertThat(logs.resolve("shop-2029.log")).doesNotExist();
        assertThat(fault("System.RequestLogs.deleteVSRequestLog", list("events.log")))
                .startsWith("InvalidInput events.log");
        items("System.RequestLogs.deleteAllVSRequestLogs");
        assertThat(items("System.RequestLogs.getAllVSRequestLogs")).isEqualTo("[]");
        assertThat(logs.resolve("events.log")).exists();
    }

    @Test
    void aConnectionIsListedWithWhatItWaitsFor() throws Exception {
        assertThat(items("System.Connections.getAllConnections")).isEqualTo("[]");
        String listen =
                rig.control.status().plane().virtualServers().getFirst().listen().getFirst();
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write("GET /half HTTP/1.1\r\nHost: x\r\n".getBytes(StandardCharsets.US_ASCII));
            String from = "127.0.0.1:" + client.getLocalPort();
            Await.until(
                    "the connection is listed",
                    () -> items("System.Connections.getAllConnections").contains(from));
            assertThat(items("System.Connections.getAllConnections"))
                    .startsWith(
                            "[[" + from + ", 127.0.0.1:" + port + ", , reading_from_client, shop");
        }
    }

    @Test
    void theMachineHasMemoryAndInterfaces() {
        assertThat(Long.parseLong(items("System.Stats.getSysMemTotal"))).isPositive();
        assertThat(Long.parseLong(items("System.Stats.getSysFDsFree"))).isPositive();
        assertThat(items("System.Stats.getInterfaces")).contains("lo");
        assertThat(items("System.Stats.getInterfaceRxBytes", list("lo"))).matches("\\[\\d+]");
        assertThat(fault("System.Stats.getInterfaceRxBytes", list("nope0")))
                .startsWith("InvalidInput nope0");
        assertThat(Long.parseLong(items("System.Stats.getSysCPUBusyPercent"))).isBetween(0L, 100L);
        assertThat(items("System.Stats.getRateClassMaxRatePerSec", list("pace"))).isEqualTo("[9]");
        assertThat(items("System.Stats.getIpSessionCacheEntries")).isEqualTo("0");
        assertThat(items("System.Stats.getTrafficIPs")).isEqualTo("[]");
    }
}
