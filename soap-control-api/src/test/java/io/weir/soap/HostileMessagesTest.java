package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

/** Messages that are broken, or that are meant to break something. */
class HostileMessagesTest {

    private static final String CONFIG =
            """
            pools:
              web: {nodes: ["127.0.0.1:81"]}
            """;

    private static final String SOAP_11 =
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\">";
    private static final String CALL =
            "<n:getPoolNames xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Pool/\"/>";

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<",
                "GET / HTTP/1.1",
                "<a/>",
                "<a></b>",
                "<?xml version=\"1.0\" encoding=\"nonsense\"?><a/>",
                "<?xml version=\"9.9\"?><a/>",
                "<a b=\"1\" b=\"2\"/>",
                "<a>&undefined;</a>",
                "<a>&#0;</a>",
                "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                        + "<soap:Body><n:getNote xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Pool/\">"
                        + "<a><b>one & two</b></a></n:getNote></soap:Body></soap:Envelope>",
                "<x:a/>",
                "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                        + "<soap:Body><n:getPoolNames"
                        + " xmlns:n=\"http://soap.zeus.com/zxtm/1.0/Pool/\">",
                SOAP_11 + "</e:Envelope>",
                SOAP_11 + "<e:Body/></e:Envelope>"
            })
    void brokenMessagesAreTheClientsFault(String message) {
        assertThat(rig.send(message))
                .contains("<faultcode>soap:Client</faultcode>")
                .doesNotContain("java.")
                .doesNotContain("'null'")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    Client | <getPoolNames/>                                  | 'getPoolNames', expected an Envelope
                    Client | E</e:Envelope>                                   | has no Body
                    Client | E<e:Header/></e:Envelope>                        | has no Body
                    Client | E<Body>CALL</Body></e:Envelope>                  | the element 'Body' of the namespace ''
                    Client | E<e:Body/></e:Envelope>                          | no call in it
                    Client | E<e:Body>getPoolNames</e:Body></e:Envelope>      | no call in it
                    Client | E<e:Body><multiRef id="a"/></e:Body></e:Envelope> | no call in it
                    Client | E<e:Body>CALL</e:Body><e:Body>CALL</e:Body></e:Envelope> | more than one Body
                    Client | E<e:Body>CALL CALL</e:Body></e:Envelope>         | 'getPoolNames' and 'getPoolNames'
                    Client | E<e:Body>CALL</e:Body><e:Header/></e:Envelope>   | the Header follows the Body
                    Client | E<e:Body><getPoolNames/></e:Body></e:Envelope>   | with the namespace ''
                    MustUnderstand | E<e:Header><t:Id xmlns:t="urn:t" e:mustUnderstand="1"/></e:Header><e:Body>CALL</e:Body></e:Envelope> | 'Id' of the namespace 'urn:t'
                    VersionMismatch | <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>CALL</e:Body></e:Envelope> | 2003/05/soap-envelope
                    VersionMismatch | <Envelope><Body>CALL</Body></Envelope>  | the namespace ''
                    """)
    void framesThatAreNotThoseOfSoapAreNamed(String code, String message, String said) {
        String answer = rig.send(message.replace("E<", SOAP_11 + "<").replace("CALL", CALL));

        assertThat(answer).contains("<faultcode>soap:" + code + "</faultcode>");
        assertThat(Answers.faultString(answer)).contains(said);
    }

    @Test
    void headersThatNeedNotBeUnderstoodOrAreForOthersMeanNothing() {
        String answer =
                rig.send(
                        SOAP_11
                                + "<e:Header><t:a xmlns:t='urn:t' e:mustUnderstand='0'/>"
                                + "<t:b xmlns:t='urn:t' e:mustUnderstand='1' e:actor='urn:else'/>"
                                + "</e:Header><e:Body>"
                                + CALL
                                + "</e:Body></e:Envelope>");

        assertThat(Answers.texts(answer)).isEqualTo("[web]");
    }

    @Test
    void documentTypesAreRefusedAndNothingIsRead() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret.txt"), "TOP-SECRET");
        String answer =
                rig.send(
                        "<!DOCTYPE x [<!ENTITY e SYSTEM \""
                                + secret.toUri()
                                + "\">]><soap:Envelope"
                                + " xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                                + "<soap:Body><a>&e;</a></soap:Body></soap:Envelope>");

        assertThat(Answers.faultString(answer)).contains("document type declaration");
        assertThat(answer).doesNotContain("TOP-SECRET").contains("soap:Client");
    }

    @Test
    void entitiesThatUnfoldAreRefused() {
        String answer =
                rig.send(
                        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                                + "<x>&b;</x>");

        assertThat(Answers.faultString(answer)).contains("document type declaration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http://127.0.0.1:1/", "cid:part", "id0"})
    void referencesOutOfTheMessageAreRefused(String href) {
        String answer =
                rig.body(
                        "Pool",
                        "<n:getNodes xmlns:n=\"@NS@\"><names><i href=\""
                                + href
                                + "\"/></names>"
                                + "</n:getNodes>");

        assertThat(Answers.faultString(answer)).contains("out of the message");
    }

    @Test
    void packagedContentIsNotFetched() {
        String answer =
                rig.body(
                        "Pool",
                        "<n:getNodes xmlns:n=\"@NS@\"><names><i><xop:Include"
                                + " xmlns:xop=\"http://www.w3.org/2004/08/xop/include\""
                                + " href=\"file:///etc/passwd\"/></i></names></n:getNodes>");

        assertThat(Answers.faultString(answer)).contains("out of the message");
    }

    @Test
    void referencesToThemselvesAndToNothingAreRefused() {
        String loop =
                rig.body(
                        "Pool",
                        "<n:getNodes xmlns:n=\"@NS@\"><names href=\"#a\"/></n:getNodes>"
                                + "<multiRef id=\"a\"><i href=\"#a\"/></multiRef>");
        String nothing =
                rig.body("Pool", "<n:getNodes xmlns:n=\"@NS@\"><names href=\"#b\"/></n:getNodes>");

        assertThat(Answers.faultString(loop)).contains("leads to itself");
        assertThat(Answers.faultString(nothing)).contains("leads to nothing");
    }

    @Test
    void referencesThatUnfoldAreCut() {
        StringBuilder body =
                new StringBuilder(
                        "<n:getNodes xmlns:n=\"@NS@\"><names href=\"#r0\"/></n:getNodes>");
        for (int i = 0; i < 12; i++) {
            body.append("<multiRef id=\"r").append(i).append("\">");
            for (int k = 0; k < 8; k++) {
                body.append("<i href=\"#r").append(i + 1).append("\"/>");
            }
            body.append("</multiRef>");
        }
        body.append("<multiRef id=\"r12\">x</multiRef>");

        assertThat(Answers.faultString(rig.body("Pool", body.toString())))
                .contains("unfold to more than");
    }

    @Test
    void depthIsBounded() {
        String answer = rig.send("<a>".repeat(100) + "</a>".repeat(100));

        assertThat(Answers.faultString(answer)).contains("nested more than");
    }

    @Test
    void unknownOperationsAndInterfacesAreNamed() {
        assertThat(Answers.faultString(rig.call("Pool.explode"))).contains("explode");
        assertThat(Answers.faultString(rig.body("Pool", "<n:a xmlns:n=\"urn:x\"/>")))
                .contains("urn:x");
    }

    @Test
    void tooManyParametersAreNotPassedOver() {
        String answer = rig.call("Pool.getNodes", SoapRig.list("web"), SoapRig.list("web"));

        assertThat(Answers.fault(answer)).startsWith("InvalidInput");
    }

    @Test
    void listsThatBelongTogetherMustBeEquallyLong() {
        String answer =
                rig.call("Pool.setMaxReplyTime", SoapRig.list("web"), SoapRig.list("1", "2"));

        assertThat(Answers.fault(answer)).startsWith("InvalidInput  values");
        assertThat(answer).contains("has 2 entries, expected 1");
    }

    @Test
    void filesAreTakenUpToTheBoundOfTheStore() {
        assertThat(Answers.texts(upload("big.bin", 3))).isEmpty();
        assertThat(Answers.texts(rig.call("Conf.Extra.getFileNames"))).isEqualTo("[big.bin]");
        assertThat(Answers.fault(upload("huge.bin", 7))).contains("huge.bin");
    }

    private static String upload(String name, int megabytes) {
        byte[] content = new byte[megabytes * 1024 * 1024];
        return rig.call(
                "Conf.Extra.uploadFile",
                "<name>" + name + "</name>",
                "<content>" + java.util.Base64.getEncoder().encodeToString(content) + "</content>");
    }
}
