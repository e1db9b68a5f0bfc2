package io.weir.xml.saxon;

import io.weir.brake.BrakedError;
import io.weir.xml.XmlException;
import io.weir.xml.XmlWork;

import net.sf.saxon.lib.EnvironmentVariableResolver;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.s9api.DocumentBuilder;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathExecutable;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmValue;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;

import org.jspecify.annotations.Nullable;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;

/**
 * XPath 3.1 and XSLT 3.0 with Saxon, and validation with the JDK, all of it without any way to
 * files, the network or entities. Queries, style sheets and schemas are compiled once and the least
 * recently used ones forgotten. Safe for every thread.
 *
 * <p>Public for the loader that makes it by its name.
 */
public final class SaxonXml implements XmlWork {

    private static final int MAX_KEPT = 128;
    private static final int MAX_READERS = 8;
    private static final Pattern NAMESPACE = Pattern.compile("xmlns(?::([^\\s=]+))?=(\\S+)");

    /** A start tag; the first one is that of the root, unless a comment in front has one. */
    private static final Pattern ROOT = Pattern.compile("<([A-Za-z_:\\x80-\\uffff][^\\s/>]*)");

    private final Object lock = new Object();
    private @Nullable Processor processor;
    private final Map<String, XPathExecutable> queries = kept();
    private final Map<String, XsltExecutable> sheets = kept();
    private final Map<String, Schema> schemas = kept();

    /** Readers between two documents: to make one costs more than to read a short document. */
    private final ArrayBlockingQueue<DocumentReader> readers =
            new ArrayBlockingQueue<>(MAX_READERS);

    /** Saxon, loaded when it is needed for the first time. */
    private Processor processor() {
        synchronized (lock) {
            Processor made = processor;
            if (made == null) {
                made = locked();
                processor = made;
            }
            return made;
        }
    }

    private static Processor locked() {
        Processor made = new Processor(false);
        made.getUnderlyingConfiguration()
                .getDynamicLoader()
                .setClassLoader(SaxonXml.class.getClassLoader());
        made.setConfigurationProperty(Feature.ALLOW_EXTERNAL_FUNCTIONS, false);
        made.setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "");
        made.setConfigurationProperty(Feature.DTD_VALIDATION, false);
        // What is wrong is thrown, and told to whoever wrote the rule.
        made.getUnderlyingConfiguration().setErrorReporterFactory(config -> error -> {});
        made.setConfigurationProperty(Feature.ENVIRONMENT_VARIABLE_RESOLVER, new NoEnvironment());
        made.getUnderlyingConfiguration()
                .setResourceResolver(
                        request -> {
                            throw new net.sf.saxon.trans.XPathException(
                                    "documents of rules cannot refer to others");
                        });
        made.getUnderlyingConfiguration()
                .setCollectionFinder(
                        (context, uri) -> {
                            throw new net.sf.saxon.trans.XPathException("there are no collections");
                        });
        made.getUnderlyingConfiguration()
                .setUnparsedTextURIResolver(
                        (uri, encoding, config) -> {
                            throw new net.sf.saxon.trans.XPathException(
                                    "there are no texts to read");
                        });
        return made;
    }

    /** An environment without variables. */
    private static final class NoEnvironment implements EnvironmentVariableResolver {
        @Override
        public Set<String> getAvailableEnvironmentVariables() {
            return Set.of();
        }

        @Override
        public @Nullable String getEnvironmentVariable(String name) {
            return null;
        }
    }

    private static <V> Map<String, V> kept() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MAX_KEPT;
            }
        };
    }

    @Override
    public List<String> select(String document, String namespaces, String query, int maxLength)
            throws XmlException {
        try {
            XPathSelector selector = query(namespaces, query).load();
            selector.setContextItem(parse(document));
            XdmValue found = selector.evaluate();
            List<String> texts = new ArrayList<>();
            long length = 0;
            for (XdmItem item : found) {
                String text = item.getStringValue();
                length += text.length();
                if (length > maxLength) {
                    throw XmlException.tooLong(maxLength);
                }
                texts.add(text);
            }
            return texts;
        } catch (SaxonApiException | RuntimeException | StackOverflowError e) {
            throw failure(e, maxLength);
        }
    }

    /** What to tell of what was thrown, unless it was thrown to end the work. */
    private static XmlException failure(Throwable thrown, int maxLength) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof BrakedError braked) {
                throw braked;
            }
            if (each instanceof BoundedWriter.TooLongException) {
                return XmlException.tooLong(maxLength);
            }
        }
        return new XmlException(String.valueOf(thrown.getMessage()), thrown);
    }

    private XPathExecutable query(String namespaces, String query) throws SaxonApiException {
        String key = namespaces + '\0' + query;
        XPathExecutable known = kept(queries, key);
        if (known == null) {
            XPathCompiler compiler = processor().newXPathCompiler();
            Matcher matcher = NAMESPACE.matcher(namespaces);
            while (matcher.find()) {
                String prefix = matcher.group(1) == null ? "" : matcher.group(1);
                String uri = matcher.group(2).replaceAll("^[\"']|[\"']$", "");
                compiler.declareNamespace(prefix, uri);
            }
            known = compiler.compile(query);
            keep(queries, key, known);
        }
        return known;
    }

    // What compiles for long keeps nobody waiting who has no use for it.

    private static <V> @Nullable V kept(Map<String, V> all, String key) {
        synchronized (all) {
            return all.get(key);
        }
    }

    private static <V> void keep(Map<String, V> all, String key, V value) {
        synchronized (all) {
            all.put(key, value);
        }
    }

    private XdmNode parse(String document) throws SaxonApiException {
        DocumentBuilder builder = processor().newDocumentBuilder();
        DocumentReader idle = readers.poll();
        DocumentReader reader = idle == null ? new DocumentReader() : idle;
        XdmNode parsed = builder.build(new SAXSource(reader, source(document)));
        // One that has failed is not used again; and there is no use for many.
        var _ = readers.offer(reader);
        return parsed;
    }

    private static XMLReader reader() throws XmlException {
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newSAXParser().getXMLReader();
        } catch (ParserConfigurationException | SAXException e) {
            throw new XmlException("the JDK's parser cannot be made safe", e);
        }
    }

    /** The text as bytes where it can be, so that the document says its encoding itself. */
    private static InputSource source(String document) {
        for (int i = 0; i < document.length(); i++) {
            if (document.charAt(i) > 0xff) {
                return new InputSource(new StringReader(document));
            }
        }
        return new InputSource(
                new ByteArrayInputStream(document.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    public String transform(String document, String sheet, int maxLength) throws XmlException {
        try {
            Xslt30Transformer transformer = sheet(sheet).load30();
            transformer.setErrorReporter(error -> {});
            BoundedWriter out = new BoundedWriter(maxLength);
            Serializer serializer = processor().newSerializer(out);
            transformer.setResultDocumentHandler(
                    uri -> {
                        throw new net.sf.saxon.s9api.SaxonApiUncheckedException(
                                new SaxonApiException("a style sheet has one result"));
                    });
            XdmNode input = parse(document);
            transformer.setGlobalContextItem(input);
            transformer.applyTemplates(input, serializer);
            return out.toString();
        } catch (SaxonApiException | RuntimeException | StackOverflowError e) {
            throw failure(e, maxLength);
        }
    }

    private XsltExecutable sheet(String sheet) throws SaxonApiException, XmlException {
        XsltExecutable known = kept(sheets, sheet);
        if (known == null) {
            XsltCompiler compiler = processor().newXsltCompiler();
            compiler.setErrorReporter(error -> {});
            known = compiler.compile(new SAXSource(reader(), source(sheet)));
            keep(sheets, sheet, known);
        }
        return known;
    }

    @Override
    public boolean valid(String document, String schema) throws XmlException {
        Validator validator;
        try {
            validator = schema(schema).newValidator();
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        } catch (SAXException e) {
            throw new XmlException("the schema is none: " + e.getMessage(), e);
        }
        try {
            parse(document);
        } catch (SaxonApiException e) {
            throw new XmlException(String.valueOf(e.getMessage()), e);
        }
        try {
            validator.validate(new SAXSource(reader(), source(document)));
            return true;
        } catch (SAXException e) {
            return false;
        } catch (IOException e) {
            throw new XmlException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public boolean validByDtd(String document, String dtd) throws XmlException {
        try {
            parse(document);
        } catch (SaxonApiException e) {
            throw new XmlException(String.valueOf(e.getMessage()), e);
        }
        Matcher root = ROOT.matcher(document);
        if (!root.find()) {
            throw new XmlException("the document has no root", new IOException("no root"));
        }
        String typed =
                document.substring(0, root.start())
                        + "<!DOCTYPE "
                        + root.group(1)
                        + " [\n"
                        + dtd
                        + "\n]>\n"
                        + document.substring(root.start());
        try {
            SAXParserFactory factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setValidating(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            XMLReader reader = factory.newSAXParser().getXMLReader();
            reader.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            reader.setProperty(
                    "http://www.oracle.com/xml/jaxp/properties/entityExpansionLimit", 1000);
            reader.setEntityResolver(
                    (id, uri) -> {
                        throw new SAXException("documents of rules cannot refer to others");
                    });
            Faults faults = new Faults();
            reader.setErrorHandler(faults);
            reader.parse(source(typed));
            return !faults.any;
        } catch (SAXException | IOException e) {
            return false;
        } catch (ParserConfigurationException e) {
            throw new XmlException("the JDK's parser cannot be made safe", e);
        }
    }

    /** Notes whether there is any. */
    private static final class Faults implements ErrorHandler {
        private boolean any;

        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) {
            any = true;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }

    private Schema schema(String text) throws SAXException {
        Schema known = kept(schemas, text);
        if (known == null) {
            SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            known = factory.newSchema(new StreamSource(new StringReader(text)));
            keep(schemas, text, known);
        }
        return known;
    }
}
