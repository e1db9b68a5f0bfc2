package io.weir.soap.wsdl;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes XML, indented. Confined to one thread. */
final class Markup {

    private final StringBuilder out =
            new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * Opens an element.
     *
     * @param attributes names and values in turn
     */
    Markup open(String name, String... attributes) {
        start(name, attributes);
        out.append(">\n");
        open.push(name);
        return this;
    }

    /** An element without content. */
    Markup empty(String name, String... attributes) {
        start(name, attributes);
        out.append("/>\n");
        return this;
    }

    /** Closes the element opened last. */
    Markup close() {
        String name = open.pop();
        indent();
        out.append("</").append(name).append(">\n");
        return this;
    }

    private void start(String name, String... attributes) {
        indent();
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(
                    attributes[i + 1]
                            .replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace("\"", "&quot;"));
            out.append('"');
        }
    }

    private void indent() {
        out.append("  ".repeat(open.size()));
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
