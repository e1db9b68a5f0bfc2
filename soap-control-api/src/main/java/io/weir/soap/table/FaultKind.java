package io.weir.soap.table;

import java.util.List;

/** The typed faults, with the members of their structures, all of which are texts. */
public enum FaultKind {
    DEPLOYMENT_ERROR("DE", "DeploymentError", "errmsg", "object", "key", "value"),
    INVALID_INPUT("II", "InvalidInput", "errmsg", "object", "key", "value"),
    INVALID_OBJECT_NAME("ION", "InvalidObjectName", "errmsg", "object"),
    INVALID_OPERATION("IO", "InvalidOperation", "errmsg", "object", "key", "value"),
    LICENSE_ERROR("LE", "LicenseError", "errmsg", "feature"),
    OBJECT_ALREADY_EXISTS("OAE", "ObjectAlreadyExists", "errmsg", "object"),
    OBJECT_DOES_NOT_EXIST("DNE", "ObjectDoesNotExist", "errmsg", "object"),
    OBJECT_IN_USE("OIU", "ObjectInUse", "errmsg", "object");

    private final String shortName;
    private final String wireName;
    private final List<String> members;

    FaultKind(String shortName, String wireName, String... members) {
        this.shortName = shortName;
        this.wireName = wireName;
        this.members = List.of(members);
    }

    /** The name on the wire and of the structure. */
    public String wireName() {
        return wireName;
    }

    /** The members of the structure, in order. */
    public List<String> members() {
        return members;
    }

    /** The kind that the table writes as {@code shortName}. */
    static FaultKind of(String shortName) {
        for (FaultKind kind : values()) {
            if (kind.shortName.equals(shortName)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no fault is called " + shortName);
    }
}
