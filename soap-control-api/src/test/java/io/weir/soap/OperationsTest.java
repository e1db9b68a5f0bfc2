package io.weir.soap;

import static io.weir.soap.SoapRig.list;
import static io.weir.soap.SoapRig.lists;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

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

    private String items(String operation, String... parameters) {
        return Answers.texts(rig.call(operation, parameters));
    }

    private String fault(String operation, String... parameters) {
        return Answers.fault(rig.call(operation, parameters));
    }

    private void addServer(String name) {
        items(
                "VirtualServer.addVirtualServer",
                list(name),
                "<i><a><port>8199</port><protocol>http</protocol>"
                        + "<default_pool>web</default_pool></a></i>");
    }

    @Test
    void locksAgainstGuessingAreSetInMinutes() {
        assertThat(items("GlobalSettings.getMaxLoginAttempts")).isEqualTo("5");
        assertThat(items("GlobalSettings.getMaxLoginSuspensionTime")).isEqualTo("15");
        items("GlobalSettings.setMaxLoginAttempts", "<v>3</v>");
        items("GlobalSettings.setMaxLoginSuspensionTime", "<v>60</v>");
        assertThat(items("GlobalSettings.getMaxLoginAttempts")).isEqualTo("3");
        assertThat(items("GlobalSettings.getMaxLoginSuspensionTime")).isEqualTo("60");
    }

    @Test
    void notesAreKept() {
        items("Catalog.Monitor.addMonitors", list("look"));
        for (String[] each :
                new String[][] {
                    {"Pool", "web"}, {"VirtualServer", "shop"}, {"Catalog.Monitor", "look"}
                }) {
            assertThat(items(each[0] + ".getNote", list(each[1]))).isEqualTo("[]");
            items(each[0] + ".setNote", list(each[1]), list("since May, &amp; for good"));
            assertThat(items(each[0] + ".getNote", list(each[1])))
                    .isEqualTo("[since May, & for good]");
        }
    }

    @Test
    void aNewVirtualServerIsStopped() {
        addServer("new");

        assertThat(items("VirtualServer.getEnabled", list("new", "shop")))
                .isEqualTo("[false, true]");
        assertThat(items("VirtualServer.getListenOnAllAddresses", list("new"))).isEqualTo("[true]");

        items("VirtualServer.setListenAddresses", list("new"), lists("127.0.0.1,::1"));
        items("VirtualServer.setPort", list("new"), list("8198"));
        assertThat(items("VirtualServer.getListenAddresses", list("new")))
                .isEqualTo("[[127.0.0.1, ::1]]");
        assertThat(items("VirtualServer.getPort", list("new"))).isEqualTo("[8198]");
    }

    @Test
    void aVirtualServerNeedsAPoolAndAProtocolThatWeirSpeaks() {
        String info =
                "<i><a><port>8199</port><protocol>%s</protocol><default_pool>%s</default_pool>"
                        + "</a></i>";

        assertThat(
                        fault(
                                "VirtualServer.addVirtualServer",
                                list("x"),
                                info.formatted("http", "nope")))
                .isEqualTo("InvalidInput x pool nope");
        assertThat(
                        fault(
                                "VirtualServer.addVirtualServer",
                                list("x"),
                                info.formatted("sipudp", "web")))
                .isEqualTo("InvalidInput x protocol sipudp");
        assertThat(items("VirtualServer.getVirtualServerNames")).isEqualTo("[shop]");
    }

    @Test
    void shortFormsUnfoldWithoutSwitchingAnythingOn() {
        items("VirtualServer.setLogFormat", list("shop"), list("json"));
        items("VirtualServer.setWebcacheTime", list("shop"), list("90"));

        assertThat(items("VirtualServer.getLogFormat", list("shop"))).isEqualTo("[json]");
        assertThat(items("VirtualServer.getLogEnabled", list("shop"))).isEqualTo("[false]");
        assertThat(items("VirtualServer.getWebcacheEnabled", list("shop"))).isEqualTo("[false]");
        assertThat(items("VirtualServer.getWebcacheTime", list("shop"))).isEqualTo("[90]");

        items("VirtualServer.setCompressionEnabled", list("shop"), list("true"));
        assertThat(items("VirtualServer.getCompressionEnabled", list("shop"))).isEqualTo("[true]");
    }

    @Test
    void regularExpressionsAndTheirReplacementsGoTogether() {
        items(
                "VirtualServer.setLocationRewrite",
                list("shop"),
                "<v><a><regex>^http://a/(.*)</regex><replacement>https://b/$1</replacement></a></v>");

        assertThat(items("VirtualServer.getLocationRewrite", list("shop")))
                .isEqualTo("[[^http://a/(.*), https://b/$1]]");
    }

    @Test
    void badValuesNameObjectKeyAndValue() {
        assertThat(fault("VirtualServer.setMaxClientBuffer", list("shop"), list("7")))
                .isEqualTo("InvalidInput shop max-client-buffer 7");
        assertThat(fault("VirtualServer.setCompressionLevel", list("shop"), list("x")))
                .startsWith("InvalidInput  values x");
    }

    @Test
    void certificatesServeVirtualServersAndSites() {
        items(
                "Catalog.SSL.Certificates.createSelfSignedCertificate",
                list("main"),
                "<d><a><subject><common_name>shop.example</common_name>"
                        + "<organisation>A, B</organisation></subject>"
                        + "<valid_days>30</valid_days><key_size>2048</key_size></a></d>");
        assertThat(items("Catalog.SSL.Certificates.getCertificateNames")).isEqualTo("[main]");
        assertThat(items("Catalog.SSL.Certificates.getCertificateInfo", list("main")))
                .contains("shop.example")
                .contains("A, B")
                .endsWith("true]]");

        items("VirtualServer.setSSLCertificate", list("shop"), list("main"));
        assertThat(items("VirtualServer.getSSLDecrypt", list("shop"))).isEqualTo("[true]");
        items(
                "VirtualServer.addSSLSites",
                list("shop"),
                "<s><a><i><dest_address>b.example</dest_address><certificate>main</certificate>"
                        + "</i></a></s>");
        assertThat(items("VirtualServer.getSSLSites", list("shop")))
                .isEqualTo("[[[b.example, main]]]");
        assertThat(fault("Catalog.SSL.Certificates.deleteCertificate", list("main")))
                .startsWith("InvalidOperation main");

        items("VirtualServer.setSSLDecrypt", list("shop"), list("0"));
        items("Catalog.SSL.Certificates.deleteCertificate", list("main"));
        assertThat(items("Catalog.SSL.Certificates.getCertificateNames")).isEqualTo("[]");
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
        items("Catalog.Monitor.addMonitors", list("m"));
        items("Catalog.Monitor.setWriteString", list("m"), list("PING"));
        items("Catalog.Monitor.setType", list("m"), list("http"));
        items("Catalog.Monitor.setPath", list("m"), list("/health"));
        items("Catalog.Monitor.setDelay", list("m"), list("9"));

        assertThat(items("Catalog.Monitor.getType", list("m", "Connect")))
                .isEqualTo("[http, connect]");
        assertThat(items("Catalog.Monitor.getPath", list("m"))).isEqualTo("[/health]");
        assertThat(items("Catalog.Monitor.getWriteString", list("m"))).isEqualTo("[]");
        assertThat(fault("Catalog.Monitor.setType", list("m"), list("sip")))
                .startsWith("InvalidInput m type sip");
        assertThat(fault("Catalog.Monitor.setDelay", list("Connect"), list("9")))
                .startsWith("InvalidOperation Connect");
        assertThat(fault("Catalog.Monitor.deleteMonitors", list("Connect")))
                .startsWith("InvalidOperation Connect");
    }

    @Test
    void passwordsOfMonitorsAreNeverShown() {
        items("Catalog.Monitor.addMonitors", list("m"));
        items("Catalog.Monitor.setType", list("m"), list("http"));
        items("Catalog.Monitor.setAuthentication", list("m"), list("u:geheim"));

        assertThat(items("Catalog.Monitor.getAuthentication", list("m"))).isEqualTo("[***]");
        assertThat(rig.control.desired().document().toString()).doesNotContain("geheim");
    }

    @Test
    void sessionPersistenceCanBeSetInAnyOrder() {
        items("Catalog.Persistence.addPersistence", list("a", "b"));
        items("Catalog.Persistence.setType", list("a"), list("monitor-cookies"));
        assertThat(items("Catalog.Persistence.getCookie", list("a"))).isEqualTo("[]");
        items("Catalog.Persistence.setCookie", list("a"), list("SESSION"));
        items("Catalog.Persistence.setCookie", list("b"), list("OTHER"));
        items("Catalog.Persistence.setType", list("b"), list("kipper"));
        items("Catalog.Persistence.setFailureMode", list("b"), list("url"));
        items("Catalog.Persistence.setUrl", list("b"), list("/sorry"));
        items("Pool.setPersistence", list("web"), list("b"));

        assertThat(items("Catalog.Persistence.getType", list("a", "b")))
                .isEqualTo("[monitor-cookies, monitor-cookies]");
        assertThat(items("Catalog.Persistence.getCookie", list("a", "b")))
                .isEqualTo("[SESSION, OTHER]");
        assertThat(fault("Catalog.Persistence.deletePersistence", list("b")))
                .isEqualTo("ObjectInUse b");
    }

    @Test
    void rulesWithoutAnEngineAreRefusedWithoutAType() {
        String answer = rig.call("Catalog.Rule.addRule", list("r"), list("x"));

        assertThat(Answers.faultString(answer)).contains("does not compile");
        assertThat(answer).doesNotContain("<detail>");
        assertThat(items("Catalog.Rule.getRuleNames")).isEqualTo("[]");
    }

    @Test
    void serviceLevelClassesAreUsedByVirtualServers() {
        items("Catalog.SLM.addSLM", list("gold"));
        items("Catalog.SLM.setResponseTime", list("gold"), list("250"));
        items("VirtualServer.setServiceLevelMonitoring", list("shop"), list("gold"));

        assertThat(items("Catalog.SLM.getResponseTime", list("gold"))).isEqualTo("[250]");
        assertThat(items("System.Stats.getServiceLevelIsOK", list("gold"))).isEqualTo("[ok]");
        assertThat(fault("Catalog.SLM.deleteSLM", list("gold"))).isEqualTo("ObjectInUse gold");
    }

    @Test
    void extraFilesAreErrorPages() {
        items("Conf.Extra.uploadFile", "<n>sorry.html</n>", "<c>PGI+</c>");
        items("VirtualServer.setErrorFile", list("shop"), list("sorry.html"));

        assertThat(items("VirtualServer.getErrorFile", list("shop"))).isEqualTo("[sorry.html]");
        assertThat(items("Conf.Extra.downloadFile", "<n>sorry.html</n>")).isEqualTo("PGI+");
        items("VirtualServer.setErrorFile", list("shop"), list("Default"));
        items("Conf.Extra.deleteFile", list("sorry.html"));
        assertThat(items("Conf.Extra.getFileNames")).isEqualTo("[]");
        assertThat(fault("Conf.Extra.downloadFile", "<n>../store</n>"))
                .isEqualTo("ObjectDoesNotExist ../store");
    }

    @Test
    void statisticsNameWhatTheyAreAbout() {
        assertThat(items("System.Stats.getPools")).isEqualTo("[web]");
        assertThat(items("System.Stats.getPoolNumber")).isEqualTo("1");
        assertThat(items("System.Stats.getPoolState", list("web"))).isEqualTo("[active]");
        assertThat(items("System.Stats.getPerPoolNodes"))
                .isEqualTo("[[web, 127.0.0.1, 81], [web, 127.0.0.1, 82]]");
        String node =
                "<n><a><NodePort>81</NodePort><NodeAddress>127.0.0.1</NodeAddress>"
                        + "<PoolName>web</PoolName></a></n>";
        items("Pool.addDrainingNodes", list("web"), lists("127.0.0.1:81"));
        assertThat(items("System.Stats.getPerPoolNodeState", node)).isEqualTo("[draining]");
        assertThat(items("System.Stats.getPerPoolNodeCurrentConn", node)).isEqualTo("[0]");
        assertThat(items("System.Stats.getVirtualserverTotalConn", list("shop"))).isEqualTo("[0]");
        assertThat(items("System.Stats.getVirtualserverBytesIn", list("shop"))).isEqualTo("[0]");
        assertThat(items("System.Stats.getTotalBytesOut")).isEqualTo("0");
        assertThat(fault("System.Stats.getPoolState", list("nope")))
                .startsWith("InvalidInput nope");
    }

    @Test
    void theMachineTellsAboutItself() {
        assertThat(items("System.MachineInfo.getProductVersion")).isNotEmpty();
        assertThat(items("Location.getLocations")).isEqualTo("[Default]");
        assertThat(items("System.Cache.getGlobalCacheInfo")).startsWith("[");
        assertThat(items("System.Log.getErrorLogLines", "<n>5</n>")).contains("config_conf");
        assertThat(items("GlobalSettings.getDNSTimeout")).isEqualTo("3");
        items("GlobalSettings.setDNSTimeout", "<v>5</v>");
        assertThat(items("GlobalSettings.getDNSTimeout")).isEqualTo("5");
        assertThat(fault("GlobalSettings.setJavaEnabled", "<v>1</v>")).startsWith("InvalidInput");
    }
}
