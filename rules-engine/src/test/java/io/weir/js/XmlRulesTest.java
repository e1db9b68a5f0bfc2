package io.weir.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.event.EventTag;
import io.weir.testkit.Await;
import io.weir.testkit.FakeNode;
import io.weir.testkit.WeirExtension;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Rules that read, transform and judge XML, and documents that would like to read more. */
class XmlRulesTest {

    @RegisterExtension static final WeirExtension WEIR = new WeirExtension();

    /** Answers with what the query in a field of the request finds in its body. */
    private static final String ASKED =
            "http.sendResponse(200, 'text/plain', 'got ' + (xml.xpath.select(http.getBody(), '',"
                    + " http.getHeader('X-Query')) || ''));";

    @TempDir Path directory;

    private FakeNode web;
    private FakeNode other;
    private RuledWeir ruled;

    @BeforeEach
    void nodes() {
        web = WEIR.node("web");
        other = WEIR.node("other");
        ruled = new RuledWeir(directory, web).pool("other", other);
    }

    private static String asking(String query) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\nX-Query: "
                + query
                + "\r\n\r\n<a>x</a>";
    }

    private String post(String body) {
        return ruled.send(request("/", body)).text();
    }

    private static String request(String path, String body) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    @Test
    void sumOfABasketDecidesThePool() {
        ruled.request(
                        """
                        const total = xml.xpath.matchNodeSet(http.getBody(), 'xmlns:s=urn:shop',
                            'string(sum(//s:line/@price))');
                        if (Number(total) > 100) pool.use('other');
                        """)
                .start(WEIR);
        post("<b xmlns='urn:shop'><line price='60'/><line price='50'/></b>");
        post("<b xmlns='urn:shop'><line price='60'/><line price='5'/></b>");
        assertThat(other.requests()).isEqualTo(1);
        assertThat(web.requests()).isEqualTo(1);
    }

    @Test
    void ruleAnswersWithATransformation() {
        ruled.request(
                        """
                        const sheet = `<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                          <xsl:output omit-xml-declaration="yes"/>
                          <xsl:template match="/a"><b><xsl:value-of select="."/></b></xsl:template>
                        </xsl:stylesheet>`;
                        http.sendResponse(200, 'text/xml', xml.xslt.transform(http.getBody(), sheet));
                        """)
                .start(WEIR);
        assertThat(post("<a>x</a>")).isEqualTo("<b>x</b>");
    }

    @Test
    void styleSheetThatLoopsIsStopped() {
        ruled.request(
                        """
                        const sheet = `<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                          <xsl:template match="/" name="t"><xsl:call-template name="t"/></xsl:template>
                        </xsl:stylesheet>`;
                        http.sendResponse(200, 'text/plain', String(xml.xslt.transform('<a/>', sheet)));
                        """)
                .start(WEIR);
        aborts("xml.xslt.transform");
    }

    @Test
    void queryThatRunsAwayIsEndedSoonAndTheNextOneWorks() {
        ruled.request(ASKED).start(WEIR);
        for (String query :
                List.of(
                        "string-join(for $i in 1 to 1000000000 return 'xxxxxxxxxx')",
                        "count(for $i in 1 to 1000000000, $j in 1 to 1000000000 return $i)",
                        "let $f := function($f, $n) { if ($n lt 2) then 1 else $f($f, $n - 1) +"
                                + " $f($f, $n - 2) } return $f($f, 90)",
                        "matches(string-join((1 to 60) ! 'a'), '^(a+)+(b|c)+$')")) {
            long begin = System.nanoTime();
            assertThat(ruled.send(asking(query)).status()).as(query).isEqualTo(500);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as(query)
                    .isLessThan(Duration.ofSeconds(30));
            Await.until(
                    "queries work after " + query,
                    () -> ruled.send(asking("string(//a)")).text().equals("got x"));
        }
    }

    @Test
    void resultThatIsTooLongAbortsTheRule() {
        ruled.request(
                        """
                        const sheet = `<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                          <xsl:template match="/"><xsl:for-each select="1 to 100000"><b>0123456789</b></xsl:for-each>
                          </xsl:template></xsl:stylesheet>`;
                        try { xml.xslt.transform('<a/>', sheet); } catch (e) {}
                        http.sendResponse(200, 'text/plain', 'it went on');
                        """)
                .start(WEIR);
        aborts("body-limit");
    }

    private void aborts(String why) {
        assertThat(ruled.send(request("/", "<a/>")).status()).isEqualTo(500);
        assertThat(ruled.running().events())
                .anyMatch(e -> e.tag() == EventTag.RULEABORT && e.text().contains(why));
    }

    @Test
    void invalidDocumentsAreToldFromValidOnes() {
        ruled.request(
                        """
                        const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
                          <xs:element name="n" type="xs:int"/></xs:schema>`;
                        http.sendResponse(200, 'text/plain', String(xml.validate.xsd(http.getBody(), schema)));
                        """)
                .start(WEIR);
        assertThat(post("<n>5</n>")).isEqualTo("1");
        assertThat(post("<n>five</n>")).isEqualTo("0");
        assertThat(post("<n>5")).isEqualTo("-1");
    }

    @Test
    void documentWithEntitiesIsRefused() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret.txt"), "secret");
        ruled.request(
                        "http.sendResponse(200, 'text/plain',"
                                + " String(xml.xpath.matchNodeCount(http.getBody(), '', '//*')) +"
                                + " xml.xpath.matchNodeSet(http.getBody(), '', '/'));")
                .start(WEIR);
        for (String document :
                List.of(
                        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:SECRET'>]><a>&x;</a>",
                        "<!DOCTYPE a SYSTEM 'file:SECRET'><a/>",
                        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:SECRET'> %p;]><a/>",
                        "<!DOCTYPE a [<!ENTITY a 'aa'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>")) {
            assertThat(post(document.replace("SECRET", secret.toString())))
                    .as(document)
                    .isEqualTo("-1");
        }
    }

    @Test
    void queryReachesNoFile() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret.xml"), "<s>secret</s>");
        ruled.request(ASKED).start(WEIR);
        assertThat(ruled.send(asking("string(//a)")).text()).isEqualTo("got x");
        for (String query :
                List.of(
                        "doc('file:SECRET')",
                        "unparsed-text('file:SECRET')",
                        "unparsed-text-lines('file:SECRET')",
                        "collection('file:DIR')",
                        "uri-collection('file:DIR')",
                        "json-doc('file:SECRET')",
                        "environment-variable('PATH')",
                        "doc-available('file:SECRET')",
                        "transform(map{'stylesheet-location':'file:SECRET'})")) {
            String asked =
                    query.replace("SECRET", secret.toString()).replace("DIR", directory.toString());
            assertThat(ruled.send(asking(asked)).text()).as(query).isIn("got ", "got false");
        }
    }
}
