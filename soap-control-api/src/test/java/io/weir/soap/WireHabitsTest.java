package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Messages as the clients write them that are in use, each with its own idea of SOAP. */
class WireHabitsTest {

    private static final String CONFIG =
            """
            virtual-servers:
              shop: {listen: "127.0.0.1:0", pool: web}
            pools:
              web: {nodes: ["127.0.0.1:81", "127.0.0.1:82"]}
            """;

    @TempDir static Path directory;
    private static SoapRig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = SoapRig.managed(directory, CONFIG);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void axisPutsStructuresBehindTheCallAndRefersToThem() {
        String answer =
                rig.body(
                        "Pool",
                        """
                        <ns1:setNodesWeightings xmlns:ns1="@NS@"
                            soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">
                          <names soapenc:arrayType="xsd:string[1]" xsi:type="soapenc:Array"
                              ><names xsi:type="xsd:string">web</names></names>
                          <nodes_values soapenc:arrayType="ns2:Pool.WeightingsDefinition[][1]"
                              xmlns:ns2="http://soap.zeus.com/zxtm/1.0/" xsi:type="soapenc:Array">
                            <nodes_values soapenc:arrayType="ns2:Pool.WeightingsDefinition[2]"
                                xsi:type="soapenc:Array">
                              <nodes_values href="#id0"/><nodes_values href="#id1"/>
                            </nodes_values>
                          </nodes_values>
                        </ns1:setNodesWeightings>
                        <multiRef id="id1" soapenc:root="0" xsi:type="ns3:Pool.WeightingsDefinition"
                            xmlns:ns3="http://soap.zeus.com/zxtm/1.0/">
                          <node xsi:type="xsd:string">127.0.0.1:82</node><weighting href="#id3"/>
                        </multiRef>
                        <multiRef id="id0" soapenc:root="0" xsi:type="ns3:Pool.WeightingsDefinition"
                            xmlns:ns3="http://soap.zeus.com/zxtm/1.0/">
                          <node xsi:type="xsd:string">127.0.0.1:81</node><weighting href="#id2"/>
                        </multiRef>
                        <multiRef id="id2" soapenc:root="0" xsi:type="xsd:int">20</multiRef>
                        <multiRef id="id3" soapenc:root="0" xsi:type="xsd:int">30</multiRef>
                        """);

        assertThat(Answers.texts(answer)).isEmpty();
        assertThat(Answers.texts(rig.call("Pool.getWeightings", SoapRig.list("web"))))
                .isEqualTo("[[[127.0.0.1:81, 20], [127.0.0.1:82, 30]]]");
    }

    @Test
    void soapLiteNamesNothingAndSendsTextBeyondAsciiAsBase64() {
        String name = Base64.getEncoder().encodeToString("wéb".getBytes(StandardCharsets.UTF_8));
        String answer =
                rig.body(
                        "Pool",
                        """
                        <namesp1:getNodes xmlns:namesp1="@NS@">
                          <soapenc:Array soapenc:arrayType="xsd:anyType[2]" xsi:type="soapenc:Array">
                            <item xsi:type="xsd:string">web</item>
                            <item xsi:type="xsd:base64Binary">%s</item>
                          </soapenc:Array>
                        </namesp1:getNodes>
                        """
                                .formatted(name));

        assertThat(Answers.fault(answer)).isEqualTo("ObjectDoesNotExist wéb");
    }

    @Test
    void soapLiteMarksACallWithoutParametersAsNil() {
        String answer = rig.body("Pool", "<n:getPoolNames xmlns:n=\"@NS@\" xsi:nil=\"true\"/>");

        assertThat(Answers.texts(answer)).isEqualTo("[web]");
    }

    @Test
    void soapLiteSendsNumbersAsItSeesFitAndMembersInAnyOrder() {
        String answer =
                rig.body(
                        "VirtualServer",
                        """
                        <n:addVirtualServer xmlns:n="@NS@">
                          <soapenc:Array xsi:type="soapenc:Array"><item xsi:type="xsd:int">31</item>
                          </soapenc:Array>
                          <c-gensym5><item>
                            <protocol xsi:type="xsd:string">http</protocol>
                            <default_pool xsi:type="xsd:string">web</default_pool>
                            <port xsi:type="xsd:float">8131.0</port></item></c-gensym5>
                        </n:addVirtualServer>
                        """);

        assertThat(Answers.texts(answer)).isEmpty();
        assertThat(Answers.texts(rig.call("VirtualServer.getBasicInfo", SoapRig.list("31"))))
                .isEqualTo("[[8131, http, web]]");
    }

    @Test
    void sudsBindsItsPrefixesToOldSchemasAndLeavesOutWhatIsEmpty() {
        String answer =
                rig.send(
                        """
                        <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
                            xmlns:xsd="http://www.w3.org/1999/XMLSchema"
                            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                            xmlns:ns3="http://schemas.xmlsoap.org/soap/encoding/">
                          <SOAP-ENV:Header/>
                          <SOAP-ENV:Body><ns0:getNodes
                              xmlns:ns0="http://soap.zeus.com/zxtm/1.0/Pool/">
                            <names xsi:type="ns3:Array" ns3:arrayType="xsd:list[1]">
                              <item xsi:type="xsd:string">web</item></names>
                          </ns0:getNodes></SOAP-ENV:Body>
                        </SOAP-ENV:Envelope>
                        """);

        assertThat(Answers.texts(answer)).isEqualTo("[[127.0.0.1:81, 127.0.0.1:82]]");
    }

    @Test
    void savonGivesPartsAndItemsOtherNames() {
        String answer =
                rig.body(
                        "Catalog.Monitor",
                        """
                        <wsdl:addMonitors xmlns:wsdl="@NS@"><theNames
                          soapenc:arrayType="xsd:list[1]"><k0>health</k0></theNames>
                        </wsdl:addMonitors>
                        """);

        assertThat(Answers.texts(answer)).isEmpty();
        assertThat(Answers.texts(rig.call("Catalog.Monitor.getCustomMonitorNames")))
                .isEqualTo("[health]");
    }

    @Test
    void partsWithAllTheirNamesGoByNameWhateverTheirOrder() {
        String answer =
                rig.body(
                        "Pool",
                        """
                        <n:getNodesWeightings xmlns:n="@NS@">
                          <nodes><a><b>127.0.0.1:81</b></a></nodes><names><a>web</a></names>
                        </n:getNodesWeightings>
                        """);

        assertThat(Answers.texts(answer)).contains("127.0.0.1:81");
    }

    @Test
    void aNamespaceWithoutItsLastSlashWillDo() {
        String answer =
                rig.body(
                        "Pool", "<n:getPoolNames xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Pool\"/>");

        assertThat(Answers.texts(answer)).isEqualTo("[web]");
    }

    @Test
    void olderVersionsOfAnInterfaceAreAnsweredBesideTheNewest() {
        String answer =
                rig.body(
                        "Diagnose",
                        "<n:diagnoseSystem"
                                + " xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Diagnose/\"/>");

        assertThat(answer).contains("NotReachableTrafficManagers");
        assertThat(Answers.texts(rig.call("Diagnose.diagnoseSystem"))).startsWith("[[]");
    }

    @Test
    void literalCallsGetLiteralAnswers() {
        String answer =
                rig.body(
                        "Pool",
                        "<n:getNodes xmlns:n=\"urn:weir:control:1.0:Pool\"><n:names>"
                                + "<n:Item>web</n:Item></n:names></n:getNodes>");

        assertThat(answer).doesNotContain("xsi:type").doesNotContain("arrayType");
        assertThat(Answers.texts(answer)).isEqualTo("[[127.0.0.1:81, 127.0.0.1:82]]");
    }

    @Test
    void answersCarryTheTypesThatGeneratedClientsRelyOn() {
        String answer = rig.call("Pool.getWeightings", SoapRig.list("web"));

        assertThat(answer)
                .contains("soapenc:arrayType=\"zeusns:Pool.WeightingsDefinition[2]\"")
                .contains("<Item xsi:type=\"zeusns:Pool.WeightingsDefinition\">")
                .contains("<weighting xsi:type=\"xsd:int\">");
        assertThat(rig.call("Pool.getNodes", SoapRig.list("nope")))
                .contains("<faultcode>soap:Client</faultcode>")
                .contains("xsi:type=\"zeusns:ObjectDoesNotExist\"");
        assertThat(rig.call("Pool.getDrainingNodes", SoapRig.list()))
                .contains("arrayType=\"zeusns:StringArray[0]\"");
    }
}
