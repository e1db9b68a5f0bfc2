package io.weir.xml;

import io.weir.brake.BrakedLoader;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * XPath 3.1, XSLT 3.0 and validation for rules, which reach nothing outside of what they are given,
 * and end when the brake of their thread is pulled ({@link io.weir.brake.Brake}): the library that
 * does the work is loaded, when it is needed for the first time, with checks woven in. Safe for
 * every thread.
 */
public final class Xml {

    /** The implementation, and all that it consists of. */
    private static final List<String> PACKAGES =
            List.of("io.weir.xml.saxon.", "net.sf.saxon.", "org.xmlresolver.");

    private static final String IMPLEMENTATION = "io.weir.xml.saxon.SaxonXml";

    private @Nullable XmlWork work;

    private synchronized XmlWork work() {
        XmlWork made = work;
        if (made == null) {
            ClassLoader loader = new BrakedLoader(Xml.class.getClassLoader(), PACKAGES);
            try {
                made = (XmlWork) loader.loadClass(IMPLEMENTATION).getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the XML library cannot be loaded", e);
            }
            work = made;
        }
        return made;
    }

    /** A class that could not be made ready stays so; the next call has others. */
    private synchronized void loadAnew() {
        work = null;
    }

    /** What may be done with XML. */
    @FunctionalInterface
    private interface Task<T> {
        T of(XmlWork work) throws XmlException;
    }

    private <T> T result(Task<T> task) throws XmlException {
        try {
            return task.of(work());
        } catch (RuntimeException | StackOverflowError e) {
            throw new XmlException(String.valueOf(e.getMessage()), e);
        } catch (LinkageError e) {
            loadAnew();
            throw new XmlException("the XML library is loaded anew: " + e, e);
        }
    }

    /** Loads what most calls need, so that none of them has to. Takes up to some seconds. */
    public void prepare() {
        try {
            var _ = result(work -> work.select("<a>1</a>", "", "sum(//a) + count(1 to 2)", 100));
            String sheet =
                    "<xsl:stylesheet version='3.0'"
                            + " xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                            + "<xsl:template match='/'><xsl:for-each select='//a'><b"
                            + " c='{position()}'><xsl:value-of select='concat(., 1)'/></b>"
                            + "</xsl:for-each></xsl:template></xsl:stylesheet>";
            var _ = result(work -> work.transform("<a>1</a>", sheet, 1000));
        } catch (XmlException e) {
            throw new IllegalStateException("the XML library does not work", e);
        }
    }

    /**
     * What a query gives, one text for each item.
     *
     * @param namespaces {@code xmlns:p=uri}, separated by blanks
     * @param maxLength of all texts together
     */
    public List<String> select(String document, String namespaces, String query, int maxLength)
            throws XmlException {
        return result(work -> work.select(document, namespaces, query, maxLength));
    }

    /** The document in another form, as the style sheet says. */
    public String transform(String document, String sheet, int maxLength) throws XmlException {
        return result(work -> work.transform(document, sheet, maxLength));
    }

    /** Whether the document is valid by an XML Schema. */
    public boolean valid(String document, String schema) throws XmlException {
        return result(work -> work.valid(document, schema));
    }

    /**
     * Whether the document, which has no document type of its own, is valid by a DTD.
     *
     * @param dtd the declarations; they may have entities, but none outside
     */
    public boolean validByDtd(String document, String dtd) throws XmlException {
        return result(work -> work.validByDtd(document, dtd));
    }
}
