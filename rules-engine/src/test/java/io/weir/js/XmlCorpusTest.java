package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.function.OverLimitException;
import io.weir.xml.Xml;
import io.weir.xml.XmlException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Documents, style sheets and schemas that mean harm, and many that do not. */
class XmlCorpusTest {

    private static final String SECRET = "top-secret-content";
    private static final long SECOND = 1_000_000_000L;

    @TempDir static Path directory;

    private static final AtomicInteger CONNECTIONS = new AtomicInteger();
    private static ServerSocket listener;
    private static String file;
    private static String url;

    private static final Xml XML = new Xml();
    private static final Watchdog WATCHDOG = new Watchdog();

    @BeforeAll
    static void bait() throws IOException {
        Path secret = directory.resolve("secret.xml");
        Files.writeString(secret, "<s>" + SECRET + "</s>");
        file = secret.toUri().toString();
        listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        url = "http://127.0.0.1:" + listener.getLocalPort() + "/x.xml";
        Thread.ofVirtual()
                .start(
                        () -> {
                            while (!listener.isClosed()) {
                                try {
                                    listener.accept().close();
                                    CONNECTIONS.incrementAndGet();
                                } catch (IOException e) {
                                    return;
                                }
                            }
                        });
    }

    @AfterAll
    static void nobodyTookTheBait() throws IOException {
        listener.close();
        assertThat(CONNECTIONS).hasValue(0);
    }

    static List<String> entityAttacks() {
        List<String> all = new ArrayList<>();
        for (String place : List.of("FILE", "URL", "file:///etc/passwd", "../secret.xml")) {
            all.add("<!DOCTYPE a [<!ENTITY e SYSTEM '" + place + "'>]><a>&e;</a>");
            all.add("<!DOCTYPE a SYSTEM '" + place + "'><a/>");
            all.add("<!DOCTYPE a [<!ENTITY % p SYSTEM '" + place + "'> %p;]><a/>");
            all.add("<!DOCTYPE a PUBLIC 'x' '" + place + "'><a/>");
        }
        all.add("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>");
        StringBuilder laughs = new StringBuilder("<!DOCTYPE a [<!ENTITY e0 'ha'>");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY e" + i + " '&e" + (i - 1) + ";&e" + (i - 1) + ";'>");
        }
        all.add(laughs + "]><a>&e29;</a>");
        all.add(
                "<!DOCTYPE a [<!ENTITY e '"
                        + "x".repeat(100_000)
                        + "'>]><a>"
                        + "&e;".repeat(1000)
                        + "</a>");
        all.add("<!DOCTYPE a [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><a>&a;</a>");
        all.add("<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>");
        return all;
    }

    private static String baited(String text) {
        return text.replace("FILE", file).replace("URL", url);
    }

    @ParameterizedTest
    @MethodSource("entityAttacks")
    void documentsWithTypesAreRefusedWhereverTheyCome(String attack) {
        String document = baited(attack);
        String identity =
                "<xsl:stylesheet version='3.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                        + "<xsl:template match='/'><xsl:copy-of select='.'/></xsl:template>"
                        + "</xsl:stylesheet>";
        String schema =
                "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element"
                        + " name='a'/></xs:schema>";
        assertThatThrownBy(() -> XML.select(document, "", "string(/)", 1 << 20))
                .isInstanceOf(XmlException.class)
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> XML.transform(document, identity, 1 << 20))
                .isInstanceOf(XmlException.class);
        assertThatThrownBy(() -> XML.transform("<a/>", document, 1 << 20))
                .isInstanceOf(XmlException.class);
        assertThatThrownBy(() -> XML.valid(document, schema)).isInstanceOf(XmlException.class);
        assertThatThrownBy(() -> XML.validByDtd(document, "<!ELEMENT a ANY>"))
                .isInstanceOf(XmlException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "<a>",
                "<a><b></a></b>",
                "<a/><b/>",
                "<a>&e;</a>",
                "<a b='&e;'/>",
                "<a b='1' b='2'/>",
                "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
                "<p:a/>",
                "<a b=1/>",
                "<a b='<'/>",
                "<a>]]></a>",
                "<a>\u0001</a>",
                "<a>&#0;</a>",
                "<a><!-- -- --></a>",
                "<a><?xml version='1.0'?></a>",
                "<?xml version='1.0' encoding='none'?><a/>",
                "<?xml version='1.0' encoding='UTF-8'?><a>\u00ff</a>",
            })
    void whatIsNoDocumentIsRefused(String document) {
        assertThatThrownBy(() -> XML.select(document, "", "string(/)", 1 << 20))
                .isInstanceOf(XmlException.class);
    }

    @Test
    void aDocumentSaysItsEncodingItself() throws Exception {
        String latin = "<?xml version='1.0' encoding='ISO-8859-1'?><a b='\u00e4'>\u00e4</a>";
        assertThat(XML.select(latin, "", "/a || /a/@b", 100)).containsExactly("\u00e4\u00e4");
        String wide = inUtf16("<a><![CDATA[\u20ac]]><!-- x --><?y z?></a>");
        assertThat(XML.select(wide, "", "string(/)", 100)).containsExactly("\u20ac");
        String typed = inUtf16("<!DOCTYPE a><a/>");
        assertThatThrownBy(() -> XML.select(typed, "", "string(/)", 100))
                .hasMessageContaining("DOCTYPE");
    }

    /** The bytes of the document, a character for each. */
    private static String inUtf16(String document) {
        return new String(document.getBytes(StandardCharsets.UTF_16), StandardCharsets.ISO_8859_1);
    }

    static List<String> hostileTemplates() {
        return List.of(
                "<xsl:value-of select=\"doc('FILE')\"/>",
                "<xsl:value-of select=\"document('FILE')\"/>",
                "<xsl:value-of select=\"doc('URL')\"/>",
                "<xsl:value-of select=\"unparsed-text('FILE')\"/>",
                "<xsl:value-of select=\"unparsed-text-lines('URL')\"/>",
                "<xsl:value-of select=\"collection('FILE')\"/>",
                "<xsl:value-of select=\"uri-collection('FILE')\"/>",
                "<xsl:value-of select=\"json-doc('FILE')\"/>",
                "<xsl:value-of select=\"doc-available('URL') or true()\"/><xsl:message"
                        + " terminate='yes'/>",
                "<xsl:value-of select=\"environment-variable('PATH'), error()\"/>",
                "<xsl:result-document href='FILE'><x/></xsl:result-document>",
                "<xsl:result-document href='out.xml'><x/></xsl:result-document>",
                "<xsl:source-document href='FILE'><xsl:copy-of select='.'/></xsl:source-document>",
                "<xsl:value-of select=\"Q{java:java.lang.System}exit(1)\"/>",
                "<xsl:value-of select=\"Q{java:java.lang.Runtime}getRuntime()\"/>",
                "<xsl:value-of select=\"Q{http://saxon.sf.net/}read-binary-resource('FILE')\"/>",
                "<xsl:evaluate xpath=\"'doc(&quot;FILE&quot;)'\"/>",
                "<xsl:value-of select=\"transform(map{'stylesheet-location':'URL'})\"/>",
                "<xsl:call-template name='endless'/>",
                "<xsl:for-each select='1 to 100000000'><xsl:for-each select='1 to 100000000'><x/>"
                        + "</xsl:for-each></xsl:for-each>",
                "<xsl:value-of select=\"string-join(for $i in 1 to 1000000 return"
                        + " 'xxxxxxxxxx')\"/>",
                "<xsl:copy-of select=\"parse-xml('&lt;!DOCTYPE a [&lt;!ENTITY e SYSTEM"
                        + " &quot;FILE&quot;>]>&lt;a>&amp;e;&lt;/a>')\"/>",
                "<xsl:iterate select='1 to 1000000000'><x/></xsl:iterate>",
                "<xsl:apply-templates select='.' mode='again'/>",
                "<xsl:value-of select=\"load-xquery-module('URL')\"/>",
                "<xsl:value-of select=\"string-length(string-join((1 to 1000000000) ! 'xx'))\"/>",
                "<xsl:value-of select=\"fold-left(1 to 60, 'xxxxxxxxxx', function($a, $b) {"
                        + " concat($a, $a) })\"/>",
                "<xsl:value-of select=\"fold-left(1 to 60, 2.5, function($a, $b) { $a * $a })\"/>",
                "<xsl:value-of select=\"count(fold-left(1 to 60, (1, 2), function($a, $b) { ($a,"
                        + " $a) }))\"/>",
                "<xsl:value-of select=\"count(fold-left(1 to 60, [1, 2], function($a, $b) {"
                        + " array:join(($a, $a)) })?*)\""
                        + " xmlns:array='http://www.w3.org/2005/xpath-functions/array'/>",
                "<xsl:value-of select=\"replace(string-join((1 to 100000) ! 'a'), 'a',"
                        + " string-join((1 to 100000) ! 'b'))\"/>",
                "<xsl:value-of select=\"matches(string-join((1 to 100) ! 'a'),"
                        + " '^(a+)+(b|c)+$')\"/>",
                "<xsl:variable name='f' select=\"function($f, $n) { if ($n lt 2) then 1 else $f($f,"
                        + " $n - 1) + $f($f, $n - 2) }\"/><xsl:value-of select='$f($f, 90)'/>",
                "<xsl:value-of select=\"sort(for $i in 1 to 100000000 return -$i)[1]\"/>");
    }

    @ParameterizedTest
    @MethodSource("hostileTemplates")
    void hostileStyleSheetsComeToNothingSoon(String body) {
        String sheet =
                "<xsl:stylesheet version='3.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                        + "<xsl:template match='/'>"
                        + baited(body)
                        + "</xsl:template>"
                        + "<xsl:template name='endless'><x/><xsl:call-template name='endless'/>"
                        + "</xsl:template>"
                        + "<xsl:template match='/' mode='again'><x/>"
                        + "<xsl:apply-templates select='.' mode='again'/></xsl:template>"
                        + "</xsl:stylesheet>";
        XML.prepare();
        long start = System.nanoTime();
        Object result = WATCHDOG.within(SECOND / 2, 64 << 20, () -> transformed(sheet));
        assertThat(result)
                .isInstanceOfAny(XmlException.class, OverLimitException.class)
                .asString()
                .doesNotContain(SECRET);
        assertThat(System.nanoTime() - start).isLessThan(30 * SECOND);
    }

    private static Object transformed(String sheet) {
        try {
            return XML.transform("<a/>", sheet, 1 << 20);
        } catch (XmlException e) {
            return e;
        }
    }

    @Test
    void aHundredValidDocumentsPassAndAHundredWithOneFaultDoNot() throws XmlException {
        String schema =
                """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o" xmlns="urn:o"
                    elementFormDefault="qualified">
                  <xs:element name="order"><xs:complexType><xs:sequence>
                    <xs:element name="line" maxOccurs="unbounded"><xs:complexType>
                      <xs:attribute name="item" type="xs:string" use="required"/>
                      <xs:attribute name="count" type="xs:positiveInteger" use="required"/>
                      <xs:attribute name="price" type="xs:decimal"/>
                    </xs:complexType></xs:element>
                    <xs:element name="note" type="xs:string" minOccurs="0"/>
                  </xs:sequence><xs:attribute name="date" type="xs:date"/></xs:complexType></xs:element>
                </xs:schema>
                """;
        String[] faults = {
            "<line item='x' count='0'/>",
            "<line count='1'/>",
            "<line item='x' count='1' price='dear'/>",
            "<line item='x' count='1' colour='red'/>",
            "<line item='x' count='1'>text</line>",
            "<note/><note/>",
            "<lines/>",
            "<line xmlns='urn:p' item='x' count='1'/>",
            "text",
            "<note/><line item='x' count='1'/>"
        };
        for (int i = 0; i < 100; i++) {
            String lines =
                    "<line item='i%d' count='%d' price='%d.5'/>"
                            .formatted(i, i + 1, i)
                            .repeat(1 + i % 7);
            String note = i % 3 == 0 ? "<note>n&amp;%d</note>".formatted(i) : "";
            String head =
                    "<order xmlns='urn:o' date='2026-%02d-%02d'>".formatted(1 + i % 12, 1 + i % 28);
            assertThat(XML.valid(head + lines + note + "</order>", schema)).isTrue();
            String fault = faults[i % faults.length];
            assertThat(XML.valid(head + lines + fault + "</order>", schema)).as(fault).isFalse();
        }
    }

    @Test
    void aDtdSaysWhichDocumentsAreValid() throws XmlException {
        String dtd =
                "<!ELEMENT order (line+, note?)><!ELEMENT line EMPTY><!ELEMENT note (#PCDATA)>"
                        + "<!ATTLIST line item CDATA #REQUIRED>";
        assertThat(XML.validByDtd("<?xml version='1.0'?>\n<order><line item='a'/></order>", dtd))
                .isTrue();
        assertThat(XML.validByDtd("<order><line item='a'/><note>x</note></order>", dtd)).isTrue();
        assertThat(XML.validByDtd("<order><line/></order>", dtd)).isFalse();
        assertThat(XML.validByDtd("<order/>", dtd)).isFalse();
        assertThat(XML.validByDtd("<other/>", dtd)).isFalse();
        assertThat(XML.validByDtd("<order/>", "<!ENTITY % p SYSTEM '" + url + "'> %p;")).isFalse();
        assertThat(String.format(Locale.ROOT, "%d", CONNECTIONS.get())).isEqualTo("0");
    }
}
