package io.weir.config.load;

/** The kinds of problems, each with a number that stays the same from release to release. */
public enum ProblemCode {
    FILE_UNREADABLE(1, "A file cannot be read."),
    NOT_TEXT(2, "A file is not UTF-8 text, or has characters that YAML forbids."),
    TOO_LARGE(3, "A file, or all of them together, exceed what is read at most."),
    SYNTAX(4, "A file is not well-formed YAML 1.2."),
    CUT_SHORT(
            5,
            "A file ends in the middle of something, or opens with `%YAML` and has no `...` at its"
                    + " end."),
    NO_FINAL_NEWLINE(6, "The last line does not end; the file may have been cut short."),
    DUPLICATE_KEY(7, "A key stands twice in one mapping."),
    TAG(8, "A value has a YAML tag."),
    ALIAS(9, "An alias has no anchor in its file, contains itself, or unfolds to too much."),
    SEVERAL_DOCUMENTS(10, "A file has more than one document."),
    TOO_DEEP(11, "Lists and mappings are nested too deeply."),
    EMPTY_FILE(12, "A file has nothing in it."),
    INCLUDE(13, "An include names nothing that can be read."),
    NOT_INCLUDED(14, "A file beside the included ones is not read because of its name."),
    OBJECT_TWICE(15, "The same object stands in two files."),
    KEY_NOT_TEXT(16, "A key is a list, a mapping or an alias."),
    VARIABLE_UNSET(21, "An environment variable is not set and has no default."),
    SECRET_UNREADABLE(22, "A secrets file cannot be read."),
    BAD_SUBSTITUTION(23, "A `${...}` is none that Weir knows."),
    SUBSTITUTION_IN_KEY(24, "A `${...}` stands in a key; only values may have them."),
    WRONG_TYPE(101, "A value has the wrong type."),
    MISSING_KEY(102, "A key that must be there is missing."),
    UNKNOWN_KEY(103, "A key is unknown where it stands."),
    OUT_OF_RANGE(104, "A value is smaller or larger than allowed."),
    UNKNOWN_VALUE(105, "A value is none of those that the key may have."),
    MALFORMED(106, "A text does not have the form that is expected."),
    UNSUPPORTED(107, "A value is known, and this version cannot do it yet."),
    BAD_TIME(108, "A value is not a time."),
    BAD_SIZE(109, "A value is not a size."),
    NO_VALUE(110, "A key has no value."),
    BAD_NAME(111, "A name has characters that names may not have."),
    BAD_LISTEN_ADDRESS(201, "A value is not an address to listen on."),
    BAD_NODE_ADDRESS(202, "A value is not the address of a node."),
    BAD_ADDRESS(203, "A value is not an address or address block."),
    UNKNOWN_POOL(301, "A name is not that of a pool."),
    UNKNOWN_MONITOR(302, "A name is not that of a monitor."),
    UNSUPPORTED_MONITOR(303, "A built-in monitor needs what this version lacks."),
    FAILURE_POOL_CYCLE(304, "Failure pools go in a circle."),
    POOL_TWICE(305, "A list of nodes makes a pool whose name is taken."),
    RESERVED_NAME(306, "A name is reserved."),
    UNKNOWN_PERSISTENCE(307, "A name is not that of a persistence class."),
    UNKNOWN_SERVICE_LEVEL(308, "A name is not that of a service level class."),
    UNKNOWN_RULE(320, "A name is not that of a rule."),
    UNKNOWN_CLASS(330, "A name is not that of a class of its kind."),
    UNKNOWN_ACTION(340, "A name is not that of an action."),
    UNKNOWN_EVENT(341, "A name is not that of an event, or of a section of events."),
    LISTENER_TWICE(401, "Two listeners want the same address."),
    ADMIN_ADDRESS_TAKEN(402, "A listener wants the address of the admin server or of the metrics."),
    NODE_TWICE(403, "A node stands twice in one pool."),
    BAD_REGEX(501, "A regular expression does not compile."),
    NEEDS_OTHER_KEY(502, "A key needs another one beside it."),
    BAD_GROUP(503, "A replacement names a group that the expression does not have."),
    ERROR_FILE(504, "An error file cannot be read."),
    WRONG_MONITOR_TYPE(505, "A key belongs to monitors of another type."),
    CONTRADICTION(506, "Two values contradict each other."),
    TLS_FILE(507, "A file with a certificate, a key or a list of revoked ones cannot be read."),
    RULE_FILE(520, "The file of a rule cannot be read."),
    RESOURCE_FILE(522, "A file that rules read cannot be read."),
    RULE_SYNTAX(521, "A rule is no sound program."),
    ADDRESS_FILE(530, "A file with address blocks cannot be read, or a line of it is none."),
    WRONG_ACTION_TYPE(540, "A key belongs to actions of another type."),
    BAD_HOURS(541, "A value is not a span of hours."),
    PROGRAM_FILE(542, "A program beside the configuration is not there."),
    EMPTY_POOL(601, "A pool has no nodes."),
    UNUSED_POOL(602, "Nothing uses a pool."),
    UNUSED_MONITOR(603, "Nothing uses a monitor."),
    NO_EFFECT(604, "A value has no effect beside the others."),
    TIMEOUT_NEVER_REACHED(605, "A time can never be reached because another one ends first."),
    ADMIN_EXPOSED(
            606,
            "The metrics, or the admin server without TLS, can be reached from other machines."),
    NOTHING_TO_SERVE(607, "There is no enabled virtual server."),
    LOOP(608, "A virtual server sends requests to itself."),
    UNUSED_PERSISTENCE(609, "No pool uses a persistence class."),
    UNUSED_RULE(620, "Nothing uses a rule."),
    UNUSED_CLASS(630, "Nothing uses a class."),
    UNUSED_ACTION(640, "No event type uses an action."),
    NO_ACTION(641, "An event type has no actions."),
    UNKNOWN_COUNTER(642, "A name is not that of a counter, or a label is not one of its labels.");

    private final int number;
    private final String meaning;

    ProblemCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The code as operators see it: {@code WEIR-C0103}. */
    public String id() {
        return String.format("WEIR-C%04d", number);
    }

    /** What it means, in one sentence. */
    public String meaning() {
        return meaning;
    }
}
