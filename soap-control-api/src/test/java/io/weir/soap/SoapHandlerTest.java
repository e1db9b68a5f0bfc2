package io.weir.soap;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.control.Rehearsal;
import io.weir.testkit.AdminDoor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** The control API on a real admin server. */
class SoapHandlerTest {

    private static final String CALL =
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
                    + "<p:getPoolNames xmlns:p=\"http://soap.zeus.com/zxtm/1.0/Pool/\"/>"
                    + "</e:Body></e:Envelope>";

    @TempDir Path directory;
    @TempDir Path adminState;
    private SoapRig rig;
    private AdminDoor door;
    private final SoapExtension extension = new SoapExtension();

    @BeforeEach
    void open() throws Exception {
        rig = SoapRig.managed(directory, "pools: {web: {nodes: [\"127.0.0.1:81\"]}}\n");
        door = AdminDoor.open(AdminDoor.OPEN, adminState);
        extension.start(rig.context(door.server()));
    }

    @AfterEach
    void close() throws Exception {
        extension.stop();
        door.close();
        rig.close();
    }

    @Test
    void answersCallsWhateverTheyCallThemselves() throws Exception {
        for (String type : new String[] {"text/xml; charset=utf-8", "application/soap+xml"}) {
            AdminDoor.Answer answer =
                    door.ask(
                            "POST",
                            "/soap",
                            "Content-Type: " + type + "\r\nSOAPAction: \"anything\"\r\n",
                            CALL);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head()).containsIgnoringCase("content-type: text/xml");
            assertThat(answer.body()).contains("<Item xsi:type=\"xsd:string\">web</Item>");
        }
    }

    @Test
    void whatATrainingRunAsksForIsUnderstood() throws Exception {
        assertThat(extension.rehearsals()).isNotEmpty();
        for (Rehearsal each : extension.rehearsals()) {
            String type = "Content-Type: " + each.contentType() + "\r\n";
            assertThat(door.ask(each.method(), each.path(), type, each.body()).body())
                    .as(each.body())
                    .containsAnyOf("Response", "ObjectDoesNotExist", "could not be found");
        }
    }

    @Test
    void faultsHaveStatus500() throws Exception {
        AdminDoor.Answer answer =
                door.ask("POST", "/soap", "Content-Type: text/xml\r\n", "no XML at all");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("<faultcode>soap:Client</faultcode>");
    }

    @Test
    void packagedMessagesAreNotTaken() throws Exception {
        String type =
                "Content-Type: multipart/related; type=\"application/xop+xml\"; boundary=x\r\n";

        assertThat(door.ask("POST", "/soap", type, CALL).status()).isEqualTo(415);
        assertThat(door.ask("GET", "/soap", "", "").status()).isEqualTo(405);
    }

    @Test
    void tenMegabytesAreReadAndMoreThanSixteenAreNot() throws Exception {
        String ten = CALL.replace("<e:Body>", "<e:Body><!--" + "x".repeat(10 << 20) + "-->");
        AdminDoor.Answer read = door.ask("POST", "/soap", "Content-Type: text/xml\r\n", ten);
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body()).contains(">web<");

        AdminDoor.Answer refused =
                door.raw(
                        "POST /soap HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + "Content-Type: text/xml\r\nContent-Length: 17000000\r\n\r\n");
        assertThat(refused.status()).isEqualTo(413);

        String many =
                CALL.replace(
                        "<p:getPoolNames xmlns:p=\"http://soap.zeus.com/zxtm/1.0/Pool/\"/>",
                        "<p:getNodes xmlns:p=\"http://soap.zeus.com/zxtm/1.0/Pool/\"><a>"
                                + "<i>web</i>".repeat(500_000)
                                + "</a></p:getNodes>");
        AdminDoor.Answer wide = door.ask("POST", "/soap", "Content-Type: text/xml\r\n", many);
        assertThat(wide.status()).isEqualTo(500);
        assertThat(wide.body()).contains("<faultcode>soap:Client</faultcode>");
    }

    @Test
    void servesDescriptionsWithTheAddressThatTheClientUsed() throws Exception {
        AdminDoor.Answer encoded = door.ask("GET", "/wsdl/Catalog.Rule.wsdl", "", "");

        assertThat(encoded.status()).isEqualTo(200);
        assertThat(encoded.body()).contains("location=\"http://localhost/soap\"");
        assertThat(door.ask("GET", "/wsdl/literal/Pool.wsdl", "", "").body())
                .contains("style=\"document\"");
        assertThat(door.ask("GET", "/wsdl", "", "").body()).contains("/wsdl/Diagnose_1_0.wsdl");
        assertThat(door.ask("GET", "/wsdl/Nothing.wsdl", "", "").status()).isEqualTo(404);
    }
}
