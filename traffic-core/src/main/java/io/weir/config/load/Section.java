package io.weir.config.load;

import io.weir.config.Secret;
import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A mapping of the document seen through its shape: values come out typed, and those that are
 * absent or faulty come out as the schema's defaults. Asking for a key that the schema does not
 * have is a mistake in Weir and throws.
 *
 * @param path in the model
 * @param place to report what is missing at: the place of the key that the section stands under
 * @param mapping what the operator wrote; null when nothing
 */
record Section(
        String path, Place place, @Nullable Mapping mapping, Shape shape, Problems problems) {

    /** Whether the operator wrote the key. */
    boolean has(String key) {
        shapeOf(key);
        return mapping != null && mapping.members().containsKey(key);
    }

    /** Whether the operator wrote the key, with a sound value that is not the default. */
    boolean departs(String key) {
        if (!has(key) || !(node(key) instanceof Scalar scalar)) {
            return false;
        }
        if (!(shapeOf(key).defaultValue() instanceof Scalar standard)) {
            return true;
        }
        try {
            return shapeOf(key).kind() == Kind.TIME
                    ? !Quantity.time(scalar.text()).equals(Quantity.time(standard.text()))
                    : !scalar.text().equals(standard.text());
        } catch (Malformed e) {
            throw unchecked(key, e);
        }
    }

    /** Where the operator wrote the value, else where the section begins. */
    Place place(String key) {
        Node node = mapping == null ? null : mapping.get(key);
        return node == null ? place : node.place();
    }

    /** The key's path in the model. */
    String path(String key) {
        return StructureCheck.path(path, key);
    }

    Shape shapeOf(String key) {
        Shape known = shape.properties().get(key);
        if (known == null) {
            throw new IllegalStateException("the schema has no key " + path + "." + key);
        }
        return known;
    }

    /** What the operator wrote, if it is sound, else the default; null when there is neither. */
    @Nullable Node node(String key) {
        Shape known = shapeOf(key);
        Node written = mapping == null ? null : mapping.get(key);
        return written == null || problems.isFaulty(written) ? known.defaultValue() : written;
    }

    /** The value as it may be shown in messages. */
    String shown(String key) {
        Node node = node(key);
        return node == null ? "nothing" : node.shown();
    }

    boolean flag(String key) {
        return truth(scalar(key).text());
    }

    static boolean truth(String text) {
        return text.toLowerCase(Locale.ROOT).equals("true");
    }

    int count(String key) {
        return Integer.parseInt(scalar(key).text());
    }

    /** A number that may have decimals. */
    @Nullable Double numberOrNull(String key) {
        return node(key) instanceof Scalar scalar ? Double.valueOf(scalar.text()) : null;
    }

    long size(String key) {
        try {
            return Quantity.size(scalar(key).text());
        } catch (Malformed e) {
            throw unchecked(key, e);
        }
    }

    Duration time(String key) {
        try {
            return Quantity.time(scalar(key).text());
        } catch (Malformed e) {
            throw unchecked(key, e);
        }
    }

    String text(String key) {
        return scalar(key).text();
    }

    @Nullable String textOrNull(String key) {
        return node(key) instanceof Scalar scalar ? scalar.text() : null;
    }

    /** A value that is never shown. */
    @Nullable Secret secretOrNull(String key) {
        if (!(node(key) instanceof Scalar scalar)) {
            return null;
        }
        boolean referred = !scalar.source().equals(scalar.text());
        return new Secret(scalar.text(), referred ? scalar.source() : null);
    }

    /** The constant whose name is the chosen word, dashes for underscores. */
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        return Enum.valueOf(type, word(key).replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /** The chosen word in its canonical spelling. */
    String word(String key) {
        String word = StructureCheck.choice(shapeOf(key), scalar(key).text());
        if (word == null) {
            throw new IllegalStateException("the value of " + path(key) + " was not checked");
        }
        return word;
    }

    /** The texts in a list, without those that are faulty. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (node(key) instanceof Sequence sequence) {
            for (Node item : sequence.items()) {
                if (item instanceof Scalar scalar && !problems.isFaulty(item)) {
                    texts.add(scalar.text());
                }
            }
        }
        return texts;
    }

    /** The section under {@code key}; every value in it is a default when there is none. */
    Section section(String key) {
        Mapping inner = node(key) instanceof Mapping written ? written : null;
        Shape known = shapeOf(key);
        for (Shape alternative : known.alternatives()) {
            if (alternative.type().equals("object")) {
                known = alternative;
            }
        }
        return new Section(path(key), keyPlace(key), inner, known, problems);
    }

    /** The sections under keys of the operator's choice, by key, without those that are faulty. */
    Map<String, Section> sections(String key) {
        Map<String, Section> sections = new java.util.LinkedHashMap<>();
        Shape others = shapeOf(key).others();
        if (others == null) {
            throw new IllegalStateException(path(key) + " has no keys of the operator's choice");
        }
        if (node(key) instanceof Mapping written) {
            for (Map.Entry<String, Member> entry : written.members().entrySet()) {
                Member member = entry.getValue();
                Mapping inner =
                        member.value() instanceof Mapping m && !problems.isFaulty(m) ? m : null;
                String at = StructureCheck.path(path(key), entry.getKey());
                sections.put(
                        entry.getKey(), new Section(at, member.key(), inner, others, problems));
            }
        }
        return sections;
    }

    /** The mappings in the list under {@code key}, without those that are faulty. */
    List<Section> items(String key, Sequence list) {
        Shape item = shapeOf(key).items();
        if (item == null) {
            throw new IllegalStateException(path(key) + " is no list");
        }
        List<Section> items = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
            if (list.items().get(i) instanceof Mapping inner && !problems.isFaulty(inner)) {
                items.add(
                        new Section(
                                path(key) + "[" + i + "]", inner.place(), inner, item, problems));
            }
        }
        return items;
    }

    /** The section at position {@code index} of a list whose items may be mappings. */
    Section item(String key, int index) {
        if (!(node(key) instanceof Sequence sequence)
                || !(sequence.items().get(index) instanceof Mapping inner)) {
            throw new IllegalStateException(path(key) + " has no mapping at " + index);
        }
        Shape known = shapeOf(key).items();
        for (Shape alternative : known == null ? List.<Shape>of() : known.alternatives()) {
            if (alternative.type().equals("object")) {
                known = alternative;
            }
        }
        if (known == null) {
            throw new IllegalStateException(path(key) + " is no list");
        }
        return new Section(path(key) + "[" + index + "]", inner.place(), inner, known, problems);
    }

    private Place keyPlace(String key) {
        Member member = mapping == null ? null : mapping.members().get(key);
        return member == null ? place : member.key();
    }

    private Scalar scalar(String key) {
        if (node(key) instanceof Scalar scalar) {
            return scalar;
        }
        throw new IllegalStateException("the schema has no default for " + path(key));
    }

    private IllegalStateException unchecked(String key, Malformed e) {
        return new IllegalStateException("the value of " + path(key) + " was not checked", e);
    }
}
