package io.weir.function;

import io.weir.http.FieldName;
import io.weir.http.Head;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Header fields as rules may see and change them: those that frame a message are not theirs.
 * Confined to one event loop.
 */
final class Fields {

    private static final int MAX_NAME = 256;

    private static final Set<String> FRAMING =
            Set.of(
                    "content-length",
                    "transfer-encoding",
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "upgrade",
                    "http2-settings");

    /** Names that are kept; beyond them all are looked at anew. */
    private static final int MAX_KNOWN = 256;

    private final Map<String, Known> known = new HashMap<>();

    /**
     * A name as a rule writes it.
     *
     * @param token whether it may be the name of a field
     * @param framing whether it is a field that rules cannot set
     */
    private record Known(FieldName name, boolean token, boolean framing) {}

    /** What is to be known of {@code name}, which rules write again and again. */
    private Known known(String name) {
        Known found = known.get(name);
        if (found == null) {
            boolean framing = FRAMING.contains(name.toLowerCase(Locale.ROOT));
            found = new Known(FieldName.of(name), token(name), framing);
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            if (name.length() <= MAX_NAME) {
                known.put(name, found);
            }
        }
        return found;
    }

    private static boolean token(String name) {
        boolean token = !name.isEmpty() && name.length() <= MAX_NAME;
        for (int i = 0; token && i < name.length(); i++) {
            char c = name.charAt(i);
            token = c > 32 && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        return token;
    }

    @Nullable String get(Head head, String name) {
        return name.isEmpty() ? null : head.getAll(known(name).name());
    }

    void set(Head head, String name, String value) {
        head.set(checked(name), value);
    }

    void add(Head head, String name, String value) {
        head.add(checked(name), value);
    }

    void remove(Head head, String name) {
        Known its = known(name);
        if (!name.isEmpty() && !its.framing()) {
            head.remove(its.name());
        }
    }

    private FieldName checked(String name) {
        Known its = known(name);
        if (!its.token()) {
            throw new RuleErrorException("'" + name + "' is no name of a header field");
        }
        if (its.framing()) {
            throw new RuleErrorException(
                    "the field " + name + " frames the message, so rules cannot set it");
        }
        return its.name();
    }

    static List<String> names(Head head) {
        Set<String> names = new LinkedHashSet<>();
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < head.size(); i++) {
            if (head.present(i) && seen.add(head.name(i).toLowerCase(Locale.ROOT))) {
                names.add(head.name(i));
            }
        }
        return new ArrayList<>(names);
    }

    static Map<String, Object> all(Head head) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String name : names(head)) {
            all.put(name, Bytes.orEmpty(head.getAll(FieldName.of(name))));
        }
        return all;
    }

    static String lines(Head head) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < head.size(); i++) {
            if (head.present(i)) {
                out.append(head.name(i)).append(": ").append(head.value(i)).append("\r\n");
            }
        }
        return out.append("\r\n").toString();
    }

    static void keepOnly(Head head, List<String> names) {
        Set<String> kept = new LinkedHashSet<>(FRAMING);
        kept.add("host");
        kept.add("content-type");
        names.forEach(name -> kept.add(name.toLowerCase(Locale.ROOT)));
        for (int i = 0; i < head.size(); i++) {
            if (head.present(i) && !kept.contains(head.name(i).toLowerCase(Locale.ROOT))) {
                head.removeAt(i);
            }
        }
    }
}
