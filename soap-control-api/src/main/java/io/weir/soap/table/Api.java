package io.weir.soap.table;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One interface in one version.
 *
 * @param name such as {@code Catalog.Rule}
 * @param version such as {@code 1.0}
 * @param section the section of the configuration that its objects are in; empty for none
 * @param noun what people call one of the objects: {@code pool}; empty for none
 * @param types its own types and the shared ones it uses, in the order of the table
 * @param operations by name
 */
public record Api(
        String name,
        String version,
        String section,
        String noun,
        Map<String, SoapType> types,
        Map<String, Operation> operations) {

    /** What all namespaces of the control API begin with. */
    public static final String NAMESPACE_ROOT = "http://soap.zeus.com/zxtm/";

    /** The same for the document/literal twins of the interfaces. */
    public static final String LITERAL_ROOT = "urn:weir:control:";

    public Api {
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        operations = Collections.unmodifiableMap(new LinkedHashMap<>(operations));
    }

    /** The namespace of its operations. */
    public String namespace() {
        return typeNamespace() + name.replace('.', '/') + "/";
    }

    /** The namespace of its types. */
    public String typeNamespace() {
        return NAMESPACE_ROOT + version + "/";
    }

    /** The namespace of its document/literal twin, operations and types alike. */
    public String literalNamespace() {
        return LITERAL_ROOT + version + ":" + name;
    }

    /** The prefix that descriptions and answers give to the type namespace. */
    public String typePrefix() {
        return version.equals("1.0") ? "zeusns" : "zeusns_" + version.replace('.', '_');
    }

    /** Whether Weir calls this interface of others instead of offering it. */
    public boolean isCallback() {
        return name.equals("AlertCallback");
    }

    /** A structure of the interface. */
    public SoapType.Struct struct(String typeName) {
        if (types.get(typeName) instanceof SoapType.Struct struct) {
            return struct;
        }
        throw new IllegalArgumentException(name + " has no structure " + typeName);
    }

    /** A structure of the interface by its name without that of the interface. */
    public SoapType.Struct own(String shortName) {
        return struct(name + "." + shortName);
    }

    /** An operation; null when there is none of this name. */
    public @Nullable Operation operation(String operation) {
        return operations.get(operation);
    }

    /** All operations. */
    public Collection<Operation> all() {
        return operations.values();
    }
}
