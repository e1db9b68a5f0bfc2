package io.weir.xml;

import org.jspecify.annotations.Nullable;

/** The document, query, sheet or schema is not what it should be. */
public final class XmlException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooLong;

    /** For what is wrong in itself. */
    public XmlException(String text, @Nullable Throwable cause) {
        super(text, cause);
        tooLong = false;
    }

    private XmlException(String text) {
        super(text);
        tooLong = true;
    }

    /** For a result that has more than {@code max} characters. */
    public static XmlException tooLong(int max) {
        return new XmlException("the result is longer than body-limit, " + max + " bytes");
    }

    /** Whether nothing is wrong but the length of the result. */
    public boolean isTooLong() {
        return tooLong;
    }
}
