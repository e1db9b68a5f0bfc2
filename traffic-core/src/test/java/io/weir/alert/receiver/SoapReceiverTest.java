package io.weir.alert.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.ActionConfig.Soap;
import io.weir.config.Secret;
import io.weir.event.EventTag;
import io.weir.testkit.HttpReceiver;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

class SoapReceiverTest {

    private static Element call(String envelope) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document =
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(envelope.getBytes(StandardCharsets.UTF_8)));
        Node body = document.getDocumentElement().getFirstChild();
        return (Element) body.getFirstChild();
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (int i = 0; i < parent.getChildNodes().getLength(); i++) {
            children.add((Element) parent.getChildNodes().item(i));
        }
        return children;
    }

    private static String text(Element call, String name) {
        return children(call).stream()
                .filter(e -> e.getTagName().equals(name))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }

    @Test
    void theReceiverIsCalledWithMachineTimeSeverityTagObjectsAndText() throws Exception {
        try (HttpReceiver server = HttpReceiver.start();
                SoapReceiver receiver =
                        new SoapReceiver(
                                new Soap(
                                        server.url("/callback"),
                                        "weir",
                                        new Secret("pass"),
                                        "shared key",
                                        null),
                                "machine")) {
            receiver.send(List.of(Alerts.nodefail()));

            HttpReceiver.Received received = server.received().getFirst();
            assertThat(received.fields())
                    .containsEntry(
                            "soapaction",
                            "\"http://soap.zeus.com/zxtm/1.0/AlertCallback/eventOccurred\"")
                    .containsEntry("content-type", "text/xml; charset=utf-8")
                    .containsEntry("authorization", "Basic d2VpcjpwYXNz");
            Element call = call(received.body());
            assertThat(call.getNamespaceURI())
                    .isEqualTo("http://soap.zeus.com/zxtm/1.0/AlertCallback/");
            assertThat(call.getLocalName()).isEqualTo("eventOccurred");
            assertThat(children(call))
                    .extracting(Element::getTagName)
                    .containsExactly(
                            "zxtm",
                            "time",
                            "severity",
                            "primary_tag",
                            "tags",
                            "objects",
                            "description",
                            "additional",
                            "event_type");
            assertThat(text(call, "zxtm")).isEqualTo("machine");
            assertThat(text(call, "time")).isEqualTo("2026-03-04T05:06:07Z");
            assertThat(text(call, "severity")).isEqualTo("SERIOUS");
            assertThat(text(call, "primary_tag")).isEqualTo("pools_nodefail");
            assertThat(text(call, "tags")).isEmpty();
            assertThat(text(call, "description")).isEqualTo(Alerts.nodefail().event().text());
            assertThat(text(call, "additional")).isEqualTo("shared key");
            assertThat(text(call, "event_type")).isEqualTo("trouble");
            List<String> objects = new ArrayList<>();
            for (Element item : children(children(call).get(5))) {
                assertThat(item.getTagName()).isEqualTo("Item");
                objects.add(text(item, "type") + "/" + text(item, "name"));
            }
            assertThat(objects).containsExactly("pools/web", "nodes/a:80");
        }
    }

    @Test
    void tagsHaveTheNamesOfTheWsdlAndThoseItLacksAreUnknown() {
        assertThat(SoapReceiver.tag(EventTag.TESTACTION)).isEqualTo("testaction");
        assertThat(SoapReceiver.tag(EventTag.CUSTOMEVENT)).isEqualTo("CustomEvent");
        assertThat(SoapReceiver.tag(EventTag.MONITORFAIL)).isEqualTo("monitors_monitorfail");
        assertThat(SoapReceiver.tag(EventTag.INTERNALERROR)).isEqualTo("general_zxtmswerror");
        assertThat(SoapReceiver.tag(EventTag.NODEDRAINED)).isEqualTo("Unknown");
    }

    @Test
    void whatXmlCannotHaveIsReplaced() throws Exception {
        String envelope =
                SoapReceiver.envelope(
                        Alerts.of(EventTag.NODEFAIL, "a\u0000b\ufffec]]>\r\n<d>😀"), "m", "");
        assertThat(text(call(envelope), "description")).isEqualTo("a?b?c]]>\r\n<d>😀");
    }
}
