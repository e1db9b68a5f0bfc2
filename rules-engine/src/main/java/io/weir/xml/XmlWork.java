package io.weir.xml;

import java.util.List;

/** What {@link Xml} has done by a library; see there. Safe for every thread. */
public interface XmlWork {

    List<String> select(String document, String namespaces, String query, int maxLength)
            throws XmlException;

    String transform(String document, String sheet, int maxLength) throws XmlException;

    boolean valid(String document, String schema) throws XmlException;

    boolean validByDtd(String document, String dtd) throws XmlException;
}
