package io.weir.cache;

import io.weir.http.FieldName;
import io.weir.http.Fields;
import io.weir.http.Weights;

import org.jspecify.annotations.Nullable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The fields that a response varies by, with the values that its request had, in a normal form (RFC
 * 9111 section 4.1). Immutable.
 */
public final class VaryKey {

    /** A response that does not vary. */
    static final VaryKey NONE = new VaryKey(List.of(), List.of());

    private static final int MAX_NAMES = 32;

    private final List<FieldName> names;
    private final List<String> values;

    private VaryKey(List<FieldName> names, List<String> values) {
        this.names = names;
        this.values = values;
    }

    /**
     * The key of a response to {@code request}.
     *
     * @return null when nothing will ever match: the response varies by more than the request, or
     *     by too much
     */
    static @Nullable VaryKey of(Fields response, Fields request) {
        String vary = response.getAll(FieldName.VARY);
        if (vary == null) {
            return NONE;
        }
        TreeSet<String> sorted = new TreeSet<>();
        for (String part : vary.split(",", -1)) {
            String name = part.strip().toLowerCase(Locale.ROOT);
            if (name.equals("*")) {
                return null;
            }
            if (!name.isEmpty()) {
                sorted.add(name);
            }
        }
        if (sorted.size() > MAX_NAMES) {
            return null;
        }
        List<FieldName> names = new ArrayList<>(sorted.size());
        for (String name : sorted) {
            names.add(FieldName.of(name));
        }
        return names.isEmpty() ? NONE : new VaryKey(List.copyOf(names), values(names, request));
    }

    private static List<String> values(List<FieldName> names, Fields request) {
        List<String> values = new ArrayList<>(names.size());
        for (FieldName name : names) {
            values.add(normal(name, request.getAll(name)));
        }
        return List.copyOf(values);
    }

    /** Whether {@code request} would get the same answer as the request of the key. */
    boolean matches(Fields request) {
        for (int i = 0; i < names.size(); i++) {
            if (!values.get(i).equals(normal(names.get(i), request.getAll(names.get(i))))) {
                return false;
            }
        }
        return true;
    }

    /** What {@code request} would have for values, in one text. */
    String valuesOf(Fields request) {
        return names.isEmpty() ? "" : String.join("\n", values(names, request));
    }

    boolean same(VaryKey other) {
        return names.equals(other.names) && values.equals(other.values);
    }

    int weight() {
        int weight = 0;
        for (String value : values) {
            weight += 56 + value.length();
        }
        return weight;
    }

    /** Everything that makes it. */
    String identity() {
        return names + "\0" + String.join("\n", values);
    }

    void write(DataOutput out) throws IOException {
        out.writeByte(names.size());
        for (int i = 0; i < names.size(); i++) {
            out.writeUTF(names.get(i).toString());
            out.writeUTF(values.get(i));
        }
    }

    /** What {@link #write} wrote. */
    static VaryKey read(DataInput in) throws IOException {
        int count = in.readUnsignedByte();
        List<FieldName> names = new ArrayList<>(count);
        List<String> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(FieldName.of(in.readUTF()));
            values.add(in.readUTF());
        }
        return count == 0 ? NONE : new VaryKey(List.copyOf(names), List.copyOf(values));
    }

    /** A value in a form that is equal for all values that mean the same. */
    static String normal(FieldName name, @Nullable String value) {
        if (value == null) {
            return "\u0000";
        }
        if (name == FieldName.ACCEPT_ENCODING) {
            return codings(value);
        }
        if (name == FieldName.ACCEPT_LANGUAGE || name == FieldName.ACCEPT) {
            return preferences(value);
        }
        return listed(value);
    }

    /** Blanks around commas mean nothing. */
    private static String listed(String value) {
        if (value.indexOf(',') < 0 || value.indexOf('"') >= 0) {
            // Within quotes, everything means something.
            return value.strip();
        }
        List<String> parts = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            parts.add(part.strip());
        }
        return String.join(",", parts);
    }

    /** Elements in lower case, in the order of their weights and, among equals, of their names. */
    private static String preferences(String value) {
        record Element(double weight, String text) {}
        if (value.indexOf('"') >= 0) {
            return listed(value);
        }
        List<Element> elements = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            String text = part.replace(" ", "").replace("\t", "").toLowerCase(Locale.ROOT);
            if (!text.isEmpty()) {
                double weight = Weights.of(text);
                int q = text.indexOf(";q=");
                elements.add(new Element(weight, q < 0 ? text : text.substring(0, q)));
                if (q >= 0 && text.indexOf(';', q + 1) >= 0) {
                    return listed(value);
                }
            }
        }
        elements.sort(
                Comparator.comparingDouble((Element e) -> -e.weight())
                        .thenComparing(Element::text));
        StringBuilder out = new StringBuilder();
        for (Element e : elements) {
            out.append(e.text()).append(e.weight() == 1 ? "" : ";q=" + e.weight()).append(',');
        }
        return out.toString();
    }

    /** Which of the codings that servers use are acceptable at all, and whether identity is. */
    private static String codings(String value) {
        TreeSet<String> acceptable = new TreeSet<>();
        boolean identity = true;
        boolean any = false;
        for (String part : value.split(",", -1)) {
            String text = part.replace(" ", "").replace("\t", "").toLowerCase(Locale.ROOT);
            int semicolon = text.indexOf(';');
            String coding = semicolon < 0 ? text : text.substring(0, semicolon);
            boolean wanted = Weights.of(text) > 0;
            switch (coding) {
                case "" -> {}
                case "*" -> any = wanted;
                case "identity" -> identity = wanted;
                case "x-gzip" -> {
                    if (wanted) {
                        acceptable.add("gzip");
                    }
                }
                default -> {
                    if (wanted) {
                        acceptable.add(coding);
                    }
                }
            }
        }
        return String.join(",", acceptable) + (any ? ",*" : "") + (identity ? "" : ",!identity");
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i).equals("\u0000") ? "" : values.get(i);
            out.append(i == 0 ? "" : "; ").append(names.get(i)).append('=').append(value);
        }
        return out.toString();
    }
}
