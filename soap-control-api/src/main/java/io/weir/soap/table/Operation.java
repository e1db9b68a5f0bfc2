package io.weir.soap.table;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/**
 * An operation.
 *
 * @param verb what it does to the property; {@code CALL} when it is about none
 * @param subject the property; for other operations their name without the addition for locations
 * @param parts parameters, in order, a location included
 * @param result null for none
 * @param faults that the description of the service names
 * @param located whether it is the twin whose first parameter is a location
 */
public record Operation(
        String name,
        Verb verb,
        String subject,
        List<Part> parts,
        @Nullable Part result,
        Set<FaultKind> faults,
        boolean located,
        Backing backing) {

    public Operation {
        parts = List.copyOf(parts);
        faults = Set.copyOf(faults);
    }

    /** What an operation does to a property. */
    public enum Verb {
        CALL,
        GET,
        SET,
        ADD,
        REMOVE
    }

    /** The parameters without the location. */
    public List<Part> ownParts() {
        return located ? parts.subList(1, parts.size()) : parts;
    }

    /** The name without the addition for locations. */
    public String baseName() {
        return located ? name.substring(0, name.length() - "ByLocation".length()) : name;
    }
}
