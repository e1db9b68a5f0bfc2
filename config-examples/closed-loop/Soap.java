import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/**
 * A client of the control API by the letter of its WSDLs ({@code /wsdl/Pool.wsdl}): SOAP 1.1,
 * RPC/encoded, arrays of strings. Safe for every thread.
 */
final class Soap implements AutoCloseable {

    private static final String NAMESPACE = "http://soap.zeus.com/zxtm/1.0/";

    private final HttpClient client;
    private final URI endpoint;
    private final String credentials;

    /**
     * @param authority the certificate that the server has to show, in PEM
     */
    Soap(URI endpoint, String user, String password, Path authority)
            throws IOException, GeneralSecurityException {
        this.endpoint = endpoint;
        credentials =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (user + ":" + password).getBytes(StandardCharsets.UTF_8));
        client = HttpClient.newBuilder().sslContext(trusting(authority)).build();
    }

    private static SSLContext trusting(Path authority)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "weir", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /**
     * Calls an operation of the interface Pool.
     *
     * @param arguments texts, and lists of them, of any depth
     * @return the texts in the answer, in order
     * @throws IOException when Weir is not there, or answers with a fault
     */
    List<String> pool(String operation, List<?>... arguments)
            throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        body.append("<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"");
        body.append(" xmlns:enc=\"http://schemas.xmlsoap.org/soap/encoding/\"");
        body.append(" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"");
        body.append(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"");
        body.append(" soap:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">");
        body.append("<soap:Body><op:").append(operation);
        body.append(" xmlns:op=\"").append(NAMESPACE).append("Pool/\">");
        for (int i = 0; i < arguments.length; i++) {
            array(body, "argument" + i, arguments[i]);
        }
        body.append("</op:").append(operation).append("></soap:Body></soap:Envelope>");
        HttpResponse<byte[]> answer =
                client.send(
                        HttpRequest.newBuilder(endpoint)
                                .timeout(Duration.ofSeconds(20))
                                .header("Content-Type", "text/xml; charset=utf-8")
                                .header("SOAPAction", "\"" + NAMESPACE + "Pool/" + operation + "\"")
                                .header("Authorization", credentials)
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    operation
                            + ": "
                            + answer.statusCode()
                            + " "
                            + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return texts(xml(answer.body()).getDocumentElement());
    }

    private static void array(StringBuilder out, String name, List<?> items) {
        boolean nested = items.stream().anyMatch(List.class::isInstance);
        out.append('<').append(name).append(" xsi:type=\"enc:Array\" enc:arrayType=\"");
        out.append(nested ? "xsd:string[][" : "xsd:string[").append(items.size()).append("]\">");
        for (Object item : items) {
            if (item instanceof List<?> inner) {
                array(out, "Item", inner);
            } else {
                out.append("<Item xsi:type=\"xsd:string\">").append(item).append("</Item>");
            }
        }
        out.append("</").append(name).append('>');
    }

    /** Reads a document that has no document type. */
    static Document xml(byte[] text) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(text));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("not XML", e);
        }
    }

    /** The texts of the innermost elements. */
    private static List<String> texts(Element element) {
        List<String> texts = new ArrayList<>();
        boolean leaf = true;
        for (Node at = element.getFirstChild(); at != null; at = at.getNextSibling()) {
            if (at instanceof Element inner) {
                leaf = false;
                texts.addAll(texts(inner));
            }
        }
        if (leaf && !element.getTextContent().isEmpty()) {
            texts.add(element.getTextContent());
        }
        return texts;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
