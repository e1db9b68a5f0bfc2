package io.weir.function;

import io.weir.http.FieldName;
import io.weir.http.Head;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Header fields as rules may see and change them: those that frame a message are not theirs. */
final class Fields {

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

    private Fields() {}

    static @Nullable String get(Head head, String name) {
        return name.isEmpty() ? null : head.getAll(FieldName.of(name));
    }

    static void set(Head head, String name, String value) {
        head.set(checked(name), value);
    }

    static void add(Head head, String name, String value) {
        head.add(checked(name), value);
    }

    static void remove(Head head, String name) {
        if (!name.isEmpty() && !framing(name)) {
            head.remove(FieldName.of(name));
        }
    }

    private static FieldName checked(String name) {
        boolean token = !name.isEmpty() && name.length() <= 256;
        for (int i = 0; token && i < name.length(); i++) {
            char c = name.charAt(i);
            token = c > 32 && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
        if (!token) {
            throw new RuleErrorException("'" + name + "' is no name of a header field");
        }
        if (framing(name)) {
            throw new RuleErrorException(
                    "the field " + name + " frames the message, so rules cannot set it");
        }
        return FieldName.of(name);
    }

    private static boolean framing(String name) {
        return FRAMING.contains(name.toLowerCase(Locale.ROOT));
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
