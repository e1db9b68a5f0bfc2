package io.weir.config.load;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.weir.config.PoolConfig.HashKey;
import io.weir.config.load.Node.Scalar;

import java.util.Locale;

/** A scalar with a grammar of its own; the schema names it with {@code x-kind}. */
enum Kind {
    TIME {
        @Override
        void check(Scalar scalar) throws Malformed {
            Quantity.time(scalar.text());
        }
    },
    SIZE {
        @Override
        void check(Scalar scalar) throws Malformed {
            Quantity.size(scalar.text());
        }
    },
    NUMBER {
        @Override
        void check(Scalar scalar) throws Malformed {
            boolean number = scalar.type() == Node.Type.WHOLE || scalar.type() == Node.Type.DECIMAL;
            // Numbers of other bases are none here.
            if (!number || scalar.text().matches("0[ox].*|.{40,}")) {
                throw new Malformed(
                        ProblemCode.WRONG_TYPE, "expected a number such as 100 or 0.95", null);
            }
        }
    },
    LISTEN_ADDRESS {
        @Override
        void check(Scalar scalar) throws Malformed {
            Addresses.listen(scalar.text());
        }
    },
    NODE_ADDRESS {
        @Override
        void check(Scalar scalar) throws Malformed {
            Addresses.node(scalar.text(), 0);
        }
    },
    NAME_SERVER {
        @Override
        void check(Scalar scalar) throws Malformed {
            Addresses.nameServer(scalar.text());
        }
    },
    ADDRESS_BLOCK {
        @Override
        void check(Scalar scalar) throws Malformed {
            Addresses.block(scalar.text());
        }
    },
    REGEX {
        @Override
        void check(Scalar scalar) throws Malformed {
            if (scalar.type() != Node.Type.TEXT) {
                throw new Malformed(
                        ProblemCode.WRONG_TYPE,
                        "expected a regular expression in quotes",
                        "\"" + scalar.text() + "\"");
            }
            if (scalar.text().isEmpty()) {
                throw new Malformed(ProblemCode.MALFORMED, "expected a regular expression", null);
            }
            try {
                Pattern.compile(scalar.text());
            } catch (PatternSyntaxException e) {
                throw new Malformed(
                        ProblemCode.BAD_REGEX,
                        "expected a regular expression of RE2's syntax: "
                                + e.getDescription()
                                + " at "
                                + Node.quote(e.getPattern()),
                        null);
            }
        }
    },
    HASH_KEY {
        @Override
        void check(Scalar scalar) throws Malformed {
            hashKey(scalar.text());
        }
    };

    /** The kind that the schema calls {@code name}. */
    static Kind named(String name) {
        return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    /** Throws when the scalar is not of this kind. */
    abstract void check(Scalar scalar) throws Malformed;

    /** {@code source-address}, {@code path} or {@code header:X-User}. */
    static HashKey hashKey(String text) throws Malformed {
        return switch (text.replace('_', '-')) {
            case "source-address" -> new HashKey(HashKey.Kind.SOURCE_ADDRESS, null);
            case "path" -> new HashKey(HashKey.Kind.PATH, null);
            default -> {
                if (!text.matches("header:[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                    throw new Malformed(
                            ProblemCode.MALFORMED,
                            "expected source-address, path or header: and a field name",
                            null);
                }
                yield new HashKey(HashKey.Kind.HEADER, text.substring(text.indexOf(':') + 1));
            }
        };
    }
}
