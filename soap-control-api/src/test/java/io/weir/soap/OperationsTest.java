package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.Author;
import io.weir.control.Change;
import io.weir.control.Edit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** What the other interfaces do to a running Weir. */
class OperationsTest {

    private static final String CONFIG =
            """
            virtual-servers:
              shop: {listen: "127.0.0.1:0", pool: web}
            pools:
              web: {nodes: ["127.0.0.1:81", "127.0.0.1:82"]}
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

    private void addServer(String name) {
        rig.items(
                "VirtualServer.addVirtualServer",
                list(name),
                "<i><a><port>8199</port><protocol>http</protocol>"
                        + "<default_pool>web</default_pool></a></i>");
    }

    @Test
    void theProtocolSaysWhetherTheEndOfWhatAClientSendsIsPassedOn() {
        assertThat(rig.items("VirtualServer.getProxyClose", list("shop"))).isEqualTo("[false]");
        rig.items("VirtualServer.setProxyClose", list("shop"), list("false"));
        assertThat(rig.fault("VirtualServer.setProxyClose", list("shop"), list("true")))
                .startsWith("InvalidInput shop ProxyClose true");
        rig.items("VirtualServer.setProtocol", list("shop"), list("stream"));
        assertThat(rig.items("VirtualServer.getProxyClose", list("shop"))).isEqualTo("[true]");
    }

    @Test
    void locksAgainstGuessingAreSetInMinutes() {
        assertThat(rig.items("GlobalSettings.getMaxLoginAttempts")).isEqualTo("5");
        assertThat(rig.items("GlobalSettings.getMaxLoginSuspensionTime")).isEqualTo("15");
        rig.items("GlobalSettings.setMaxLoginAttempts", "<v>3</v>");
        rig.items("GlobalSettings.setMaxLoginSuspensionTime", "<v>60</v>");
        assertThat(rig.items("GlobalSettings.getMaxLoginAttempts")).isEqualTo("3");
        assertThat(rig.items("GlobalSettings.getMaxLoginSuspensionTime")).isEqualTo("60");
    }

    @Test
    void notesAreKept() {
        rig.items("Catalog.Monitor.addMonitors", list("look"));
        for (String[] each :
                new String[][] {
                    {"Pool", "web"}, {"VirtualServer", "shop"}, {"Catalog.Monitor", "look"}
                }) {
            assertThat(rig.items(each[0] + ".getNote", list(each[1]))).isEqualTo("[]");
            rig.items(each[0] + ".setNote", list(each[1]), list("since May, &amp; for good"));
            assertThat(rig.items(each[0] + ".getNote", list(each[1])))
                    .isEqualTo("[since May, & for good]");
        }
    }

    @Test
    void aNewVirtualServerIsStopped() {
        addServer("new");

        assertThat(rig.items("VirtualServer.getEnabled", list("new", "shop")))
                .isEqualTo("[false, true]");
        assertThat(rig.items("VirtualServer.getListenOnAllAddresses", list("new")))
                .isEqualTo("[true]");

        rig.items("VirtualServer.setListenAddresses", list("new"), lists("127.0.0.1,::1"));
        rig.items("VirtualServer.setPort", list("new"), list("8198"));
        assertThat(rig.items("VirtualServer.getListenAddresses", list("new")))
                .isEqualTo("[[127.0.0.1, ::1]]");
        assertThat(rig.items("VirtualServer.getPort", list("new"))).isEqualTo("[8198]");
    }

    @Test
    void aVirtualServerNeedsAPoolAndAProtocolThatWeirSpeaks() {
        String info =
                "<i><a><port>8199</port><protocol>%s</protocol><default_pool>%s</default_pool>"
                        + "</a></i>";

        assertThat(
                        rig.fault(
                                "VirtualServer.addVirtualServer",
                                list("x"),
                                info.formatted("http", "nope")))
                .isEqualTo("InvalidInput x pool nope");
        assertThat(
                        rig.fault(
                                "VirtualServer.addVirtualServer",
                                list("x"),
                                info.formatted("sipudp", "web")))
                .isEqualTo("InvalidInput x protocol sipudp");
        assertThat(rig.items("VirtualServer.getVirtualServerNames")).isEqualTo("[shop]");
    }

    @Test
    void shortFormsUnfoldWithoutSwitchingAnythingOn() {
        rig.items("VirtualServer.setLogFormat", list("shop"), list("json"));
        rig.items("VirtualServer.setWebcacheTime", list("shop"), list("90"));

        assertThat(rig.items("VirtualServer.getLogFormat", list("shop"))).isEqualTo("[json]");
        assertThat(rig.items("VirtualServer.getLogEnabled", list("shop"))).isEqualTo("[false]");
        assertThat(rig.items("VirtualServer.getWebcacheEnabled", list("shop")))
                .isEqualTo("[false]");
        assertThat(rig.items("VirtualServer.getWebcacheTime", list("shop"))).isEqualTo("[90]");

        rig.items("VirtualServer.setCompressionEnabled", list("shop"), list("true"));
        assertThat(rig.items("VirtualServer.getCompressionEnabled", list("shop")))
                .isEqualTo("[true]");
    }

    @Test
    void regularExpressionsAndTheirReplacementsGoTogether() {
        rig.items(
                "VirtualServer.setLocationRewrite",
                list("shop"),
                "<v><a><regex>^http://a/(.*)</regex><replacement>https://b/$1</replacement></a></v>");

        assertThat(rig.items("VirtualServer.getLocationRewrite", list("shop")))
                .isEqualTo("[[^http://a/(.*), https://b/$1]]");
    }

    @Test
    void badValuesNameObjectKeyAndValue() {
        assertThat(rig.fault("VirtualServer.setMaxClientBuffer", list("shop"), list("7")))
                .isEqualTo("InvalidInput shop max-client-buffer 7");
        assertThat(rig.fault("VirtualServer.setCompressionLevel", list("shop"), list("x")))
                .startsWith("InvalidInput  values x");
    }

    @Test
    void certificatesServeVirtualServersAndSites() throws Exception {
        rig.items(
                "Catalog.SSL.Certificates.createSelfSignedCertificate",
                list("main"),
                "<d><a><subject><common_name>shop.example</common_name>"
                        + "<organisation>A, B</organisation></subject>"
                        + "<valid_days>30</valid_days><key_size>2048</key_size></a></d>");
        assertThat(rig.items("Catalog.SSL.Certificates.getCertificateNames")).isEqualTo("[main]");
        assertThat(rig.items("Catalog.SSL.Certificates.getCertificateInfo", list("main")))
                .contains("shop.example")
                .contains("A, B")
                .endsWith("true]]");

        rig.items("VirtualServer.setSSLCertificate", list("shop"), list("main"));
        assertThat(rig.items("VirtualServer.getSSLDecrypt", list("shop"))).isEqualTo("[true]");
        rig.items(
                "VirtualServer.addSSLSites",
                list("shop"),
                "<s><a><i><dest_address>b.example</dest_address><certificate>main</certificate>"
                        + "</i></a></s>");
        assertThat(rig.items("VirtualServer.getSSLSites", list("shop")))
                .isEqualTo("[[[b.example, main]]]");
        assertThat(rig.fault("Catalog.SSL.Certificates.deleteCertificate", list("main")))
                .startsWith("InvalidOperation main");
        assertThat(
                        rig.fault(
                                "Catalog.SSL.Certificates.renameCertificate",
                                list("main"),
                                list("main")))
                .isEqualTo("ObjectAlreadyExists main");
        rig.items("Catalog.SSL.Certificates.renameCertificate", list("main"), list("shop"));
        assertThat(rig.items("VirtualServer.getSSLCertificate", list("shop"))).isEqualTo("[shop]");
        assertThat(rig.items("VirtualServer.getSSLSites", list("shop")))
                .isEqualTo("[[[b.example, shop]]]");
        assertThat(rig.items("Catalog.SSL.Certificates.getCertificateRequest", list("shop")))
                .startsWith("[-----BEGIN CERTIFICATE REQUEST-----");

        rig.control.change(
                Change.of(
                        new Edit.Put(
                                List.of("pools", "web", "tls"),
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("certificate", "certificates/shop.pem")
                                        .put("key", "certificates/shop.key"))),
                Author.WEIR);
        assertThat(rig.items("Pool.getSSLClientAuth", list("web"))).isEqualTo("[true]");
        rig.items("Pool.setSSLClientAuth", list("web"), list("0"));
        assertThat(rig.items("Pool.getSSLClientAuth", list("web"))).isEqualTo("[false]");
        assertThat(rig.fault("Pool.setSSLClientAuth", list("web"), list("1")))
                .startsWith("InvalidInput web tls.certificate");

        rig.items("VirtualServer.setSSLDecrypt", list("shop"), list("0"));
        rig.items("Catalog.SSL.Certificates.deleteCertificate", list("shop"));
        assertThat(rig.items("Catalog.SSL.Certificates.getCertificateNames")).isEqualTo("[]");
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefusedWithoutShowingAnything() {
        String answer =
                rig.call(
                        "Catalog.SSL.Certificates.importCertificate",
                        list("bad"),
                        "<k><a><public_cert>nonsense</public_cert><private_key>SECRET-KEY"
                                + "</private_key></a></k>");

        assertThat(Answers.fault(answer)).startsWith("InvalidInput bad certificate");
        assertThat(answer).doesNotContain("SECRET-KEY").doesNotContain("import-");
    }

    @Test
    void typesOfMonitorsChangeAndKeysThatDoNotFitGo() {
        rig.items("Catalog.Monitor.addMonitors", list("m"));
        rig.items("Catalog.Monitor.setWriteString", list("m"), list("PING"));
        rig.items("Catalog.Monitor.setType", list("m"), list("http"));
        rig.items("Catalog.Monitor.setPath", list("m"), list("/health"));
        rig.items("Catalog.Monitor.setDelay", list("m"), list("9"));

        assertThat(rig.items("Catalog.Monitor.getType", list("m", "Connect")))
                .isEqualTo("[http, connect]");
        assertThat(rig.items("Catalog.Monitor.getPath", list("m"))).isEqualTo("[/health]");
        assertThat(rig.items("Catalog.Monitor.getWriteString", list("m"))).isEqualTo("[]");
        assertThat(rig.fault("Catalog.Monitor.setType", list("m"), list("sip")))
                .startsWith("InvalidInput m type sip");
        assertThat(rig.fault("Catalog.Monitor.setDelay", list("Connect"), list("9")))
                .startsWith("InvalidOperation Connect");
        assertThat(rig.fault("Catalog.Monitor.deleteMonitors", list("Connect")))
                .startsWith("InvalidOperation Connect");
    }

    @Test
    void passwordsOfMonitorsAreNeverShown() {
        rig.items("Catalog.Monitor.addMonitors", list("m"));
        rig.items("Catalog.Monitor.setType", list("m"), list("http"));
        rig.items("Catalog.Monitor.setAuthentication", list("m"), list("u:geheim"));

        assertThat(rig.items("Catalog.Monitor.getAuthentication", list("m"))).isEqualTo("[***]");
        assertThat(rig.control.desired().document().toString()).doesNotContain("geheim");
    }

    @Test
    void sessionPersistenceCanBeSetInAnyOrder() {
        rig.items("Catalog.Persistence.addPersistence", list("a", "b"));
        rig.items("Catalog.Persistence.setType", list("a"), list("monitor-cookies"));
        assertThat(rig.items("Catalog.Persistence.getCookie", list("a"))).isEqualTo("[]");
        rig.items("Catalog.Persistence.setCookie", list("a"), list("SESSION"));
        rig.items("Catalog.Persistence.setCookie", list("b"), list("OTHER"));
        rig.items("Catalog.Persistence.setType", list("b"), list("kipper"));
        rig.items("Catalog.Persistence.setFailureMode", list("b"), list("url"));
        rig.items("Catalog.Persistence.setUrl", list("b"), list("/sorry"));
        rig.items("Pool.setPersistence", list("web"), list("b"));

        assertThat(rig.items("Catalog.Persistence.getType", list("a", "b")))
                .isEqualTo("[monitor-cookies, monitor-cookies]");
        assertThat(rig.items("Catalog.Persistence.getCookie", list("a", "b")))
                .isEqualTo("[SESSION, OTHER]");
        assertThat(rig.fault("Catalog.Persistence.deletePersistence", list("b")))
                .isEqualTo("ObjectInUse b");
    }

    @Test
    void rulesWithoutAnEngineAreRefusedWithoutAType() {
        String answer = rig.call("Catalog.Rule.addRule", list("r"), list("x"));

        assertThat(Answers.faultString(answer)).contains("does not compile");
        assertThat(answer).doesNotContain("<detail>");
        assertThat(rig.items("Catalog.Rule.getRuleNames")).isEqualTo("[]");
    }

    @Test
    void serviceLevelClassesAreUsedByVirtualServers() {
        rig.items("Catalog.SLM.addSLM", list("gold"));
        rig.items("Catalog.SLM.setResponseTime", list("gold"), list("250"));
        rig.items("VirtualServer.setServiceLevelMonitoring", list("shop"), list("gold"));

        assertThat(rig.items("Catalog.SLM.getResponseTime", list("gold"))).isEqualTo("[250]");
        assertThat(rig.items("System.Stats.getServiceLevelIsOK", list("gold"))).isEqualTo("[ok]");
        assertThat(rig.fault("Catalog.SLM.deleteSLM", list("gold"))).isEqualTo("ObjectInUse gold");
    }

    @Test
    void extraFilesAreErrorPages() {
        rig.items("Conf.Extra.uploadFile", "<n>sorry.html</n>", "<c>PGI+</c>");
        rig.items("VirtualServer.setErrorFile", list("shop"), list("sorry.html"));

        assertThat(rig.items("VirtualServer.getErrorFile", list("shop"))).isEqualTo("[sorry.html]");
        assertThat(rig.items("Conf.Extra.downloadFile", "<n>sorry.html</n>")).isEqualTo("PGI+");
        rig.items("VirtualServer.setErrorFile", list("shop"), list("Default"));
        rig.items("Conf.Extra.deleteFile", list("sorry.html"));
        assertThat(rig.items("Conf.Extra.getFileNames")).isEqualTo("[]");
        assertThat(rig.fault("Conf.Extra.downloadFile", "<n>../store</n>"))
                .isEqualTo("ObjectDoesNotExist ../store");
    }

    @Test
    void statisticsNameWhatTheyAreAbout() {
        assertThat(rig.items("System.Stats.getPools")).isEqualTo("[web]");
        assertThat(rig.items("System.Stats.getPoolNumber")).isEqualTo("1");
        assertThat(rig.items("System.Stats.getPoolState", list("web"))).isEqualTo("[active]");
        assertThat(rig.items("System.Stats.getPerPoolNodes"))
                .isEqualTo("[[web, 127.0.0.1, 81], [web, 127.0.0.1, 82]]");
        String node =
                "<n><a><NodePort>81</NodePort><NodeAddress>127.0.0.1</NodeAddress>"
                        + "<PoolName>web</PoolName></a></n>";
        rig.items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:81"));
        assertThat(rig.items("System.Stats.getPerPoolNodeState", node)).isEqualTo("[draining]");
        assertThat(rig.items("System.Stats.getPerPoolNodeCurrentConn", node)).isEqualTo("[0]");
        assertThat(rig.items("System.Stats.getVirtualserverTotalConn", list("shop")))
                .isEqualTo("[0]");
        assertThat(rig.items("System.Stats.getVirtualserverBytesIn", list("shop")))
                .isEqualTo("[0]");
        assertThat(rig.items("System.Stats.getTotalBytesOut")).isEqualTo("0");
        assertThat(rig.fault("System.Stats.getPoolState", list("nope")))
                .startsWith("InvalidInput nope");
    }

    @Test
    void aReportForThoseWhoHelpHoldsTheConfiguration() {
        byte[] report =
                Base64.getMimeDecoder().decode(rig.items("Diagnose.getTechnicalSupportReport"));

        assertThat(new String(report, StandardCharsets.UTF_8))
                .contains("\"virtual-servers\"")
                .contains("weir_virtual_server_connections");
    }

    @Test
    void theTrafficManagerIsToldToStartAgain() throws Exception {
        rig.items("System.Management.restartTrafficManager");

        assertThat(rig.control.ending().startsAgain()).isTrue();
    }

    @Test
    void theCacheIsKeptOnDiskAndTheEventLogElsewhere() {
        assertThat(rig.items("GlobalSettings.getWebcacheDisk")).isEqualTo("false");
        rig.items("GlobalSettings.setWebcacheDisk", "<v>1</v>");
        rig.items("GlobalSettings.setWebcacheDiskDir", "<v>/mnt/ssd/weir</v>");
        rig.items("GlobalSettings.setErrorLogFile", "<v>weir-events.log</v>");

        assertThat(rig.items("GlobalSettings.getWebcacheDisk")).isEqualTo("true");
        assertThat(rig.items("GlobalSettings.getWebcacheDiskDir")).isEqualTo("/mnt/ssd/weir");
        assertThat(rig.items("GlobalSettings.getErrorLogFile")).isEqualTo("weir-events.log");
        rig.items("GlobalSettings.setWebcacheDisk", "<v>0</v>");
        assertThat(rig.items("GlobalSettings.getWebcacheDisk")).isEqualTo("false");
        assertThat(rig.fault("GlobalSettings.setHistoricalTrafficDays", "<v>7</v>"))
                .startsWith("InvalidInput");
    }

    @Test
    void theMachineTellsAboutItself() {
        assertThat(rig.items("System.MachineInfo.getProductVersion")).isNotEmpty();
        assertThat(rig.items("Location.getLocations")).isEqualTo("[Default]");
        assertThat(rig.items("System.Cache.getGlobalCacheInfo")).startsWith("[");
        assertThat(rig.items("System.Log.getErrorLogLines", "<n>5</n>")).contains("config_conf");
        assertThat(rig.items("GlobalSettings.getDNSTimeout")).isEqualTo("3");
        rig.items("GlobalSettings.setDNSTimeout", "<v>5</v>");
        assertThat(rig.items("GlobalSettings.getDNSTimeout")).isEqualTo("5");
        assertThat(rig.fault("GlobalSettings.setJavaEnabled", "<v>1</v>"))
                .startsWith("InvalidInput");
    }
}
