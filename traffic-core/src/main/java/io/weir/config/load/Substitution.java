package io.weir.config.load;

import io.weir.config.load.Node.Mapping;
import io.weir.config.load.Node.Member;
import io.weir.config.load.Node.Scalar;
import io.weir.config.load.Node.Sequence;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the environment's values in place of <code>${env:NAME}</code>, <code>${env:NAME:-default}
 * </code> and <code>${file:name}</code>. What comes in is not looked at again, so a value can bring
 * in neither structure nor further substitutions. <code>$${</code> stands for <code>${</code>.
 */
final class Substitution {

    private final Environment environment;
    private final SourceFiles files;
    private final Problems problems;
    private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();

    Substitution(Environment environment, SourceFiles files, Problems problems) {
        this.environment = environment;
        this.files = files;
        this.problems = problems;
    }

    /** {@code node} with all substitutions made; those that fail are reported. */
    Node in(Node node) {
        Node known = done.get(node);
        if (known == null) {
            known =
                    switch (node) {
                        case Scalar scalar -> scalar(scalar);
                        case Sequence sequence -> sequence(sequence);
                        case Mapping mapping -> mapping(mapping);
                    };
            done.put(node, known);
        }
        return known;
    }

    private Node sequence(Sequence sequence) {
        List<Node> items = new ArrayList<>();
        for (Node item : sequence.items()) {
            items.add(in(item));
        }
        return new Sequence(sequence.place(), items);
    }

    private Node mapping(Mapping mapping) {
        Map<String, Member> members = new LinkedHashMap<>();
        mapping.members()
                .forEach(
                        (key, member) -> {
                            if (key.contains("${")) {
                                problems.error(
                                        member.key(),
                                        "",
                                        ProblemCode.SUBSTITUTION_IN_KEY,
                                        "the key "
                                                + Node.quote(key)
                                                + " has a '${'; only values may have it");
                            } else {
                                members.put(key, new Member(member.key(), in(member.value())));
                            }
                        });
        return new Mapping(mapping.place(), Collections.unmodifiableMap(members));
    }

    private Scalar scalar(Scalar scalar) {
        String source = scalar.text();
        int at = source.indexOf("${");
        if (at < 0) {
            return scalar;
        }
        StringBuilder out = new StringBuilder();
        int copied = 0;
        boolean failed = false;
        while (at >= 0) {
            if (at > copied && source.charAt(at - 1) == '$') {
                out.append(source, copied, at - 1).append("${");
                copied = at + 2;
            } else {
                int end = source.indexOf('}', at);
                String value =
                        end < 0
                                ? malformed(scalar, source.substring(at))
                                : value(scalar, source.substring(at + 2, end));
                failed |= value == null;
                out.append(source, copied, at).append(value == null ? "" : value);
                copied = end < 0 ? source.length() : end + 1;
            }
            at = source.indexOf("${", copied);
        }
        out.append(source, copied, source.length());
        // An empty value is a text, not the absence of one.
        boolean plain = scalar.plain() && !out.isEmpty();
        Scalar result = new Scalar(scalar.place(), out.toString(), source, plain);
        if (failed) {
            problems.faulty(result);
        }
        return result;
    }

    private @Nullable String value(Scalar scalar, String reference) {
        if (reference.startsWith("env:")) {
            int dash = reference.indexOf(":-", 4);
            String name = reference.substring(4, dash < 0 ? reference.length() : dash);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                return malformed(scalar, "${" + reference + "}");
            }
            String value = environment.variables().get(name);
            if (dash >= 0) {
                return value == null || value.isEmpty() ? reference.substring(dash + 2) : value;
            }
            if (value == null) {
                problems.error(
                        scalar.place(),
                        "",
                        ProblemCode.VARIABLE_UNSET,
                        "the environment variable '"
                                + name
                                + "' is not set; set it, or give a default with ${env:"
                                + name
                                + ":-default}",
                        null);
            }
            return value;
        }
        if (reference.startsWith("file:")) {
            return secret(scalar, reference.substring(5));
        }
        return malformed(scalar, "${" + reference + "}");
    }

    private @Nullable String malformed(Scalar scalar, String reference) {
        problems.error(
                scalar.place(),
                "",
                ProblemCode.BAD_SUBSTITUTION,
                "found "
                        + Node.quote(reference)
                        + ", expected ${env:NAME}, ${env:NAME:-default} or ${file:name}; a literal"
                        + " '${' is written '$${'");
        return null;
    }

    private @Nullable String secret(Scalar scalar, String name) {
        String reason;
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
            reason = "expected the name of a file, without directories";
        } else {
            try {
                String value = files.secret(environment.secrets().resolve(name));
                return value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
            } catch (CharacterCodingException e) {
                reason = "it is not UTF-8 text";
            } catch (IOException e) {
                reason = SourceFiles.reason(e);
            }
        }
        problems.error(
                scalar.place(),
                "",
                ProblemCode.SECRET_UNREADABLE,
                "the secrets file "
                        + Node.quote(name)
                        + " in "
                        + environment.secrets()
                        + " cannot be read: "
                        + reason);
        return null;
    }
}
