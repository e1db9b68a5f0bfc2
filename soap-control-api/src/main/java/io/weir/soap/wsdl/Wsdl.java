package io.weir.soap.wsdl;

import io.weir.soap.table.Api;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Part;
import io.weir.soap.table.SoapType;
import io.weir.soap.wire.Xml;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The description of one interface (WSDL 1.1). Names of services, ports, bindings, messages, parts
 * and types, and the order of enumerations, are what generated clients are made of: they follow the
 * model product's.
 */
public final class Wsdl {

    private static final String WSDL = "http://schemas.xmlsoap.org/wsdl/";
    private static final String WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/";
    private static final String HTTP = "http://schemas.xmlsoap.org/soap/http";

    private final Api api;
    private final String address;
    private final boolean literal;
    private final Markup out = new Markup();

    private Wsdl(Api api, String address, boolean literal) {
        this.api = api;
        this.address = address;
        this.literal = literal;
    }

    /** The description that existing clients know: RPC, SOAP encoding. */
    public static String encoded(Api api, String address) {
        return new Wsdl(api, address, false).write();
    }

    /** The same operations as document/literal, wrapped. */
    public static String literal(Api api, String address) {
        return new Wsdl(api, address, true).write();
    }

    private String write() {
        String types = literal ? api.literalNamespace() : api.typeNamespace();
        String prefix = prefix();
        List<String> attributes =
                new ArrayList<>(
                        List.of(
                                "name",
                                api.name(),
                                "targetNamespace",
                                namespace(),
                                "xmlns",
                                WSDL,
                                "xmlns:soap",
                                WSDL_SOAP,
                                "xmlns:xsd",
                                Xml.XSD,
                                "xmlns:tns",
                                namespace()));
        if (!literal) {
            attributes.addAll(
                    List.of("xmlns:" + prefix, types, "xmlns:soapenc", Xml.SOAP_ENCODING));
        }
        out.open("definitions", attributes.toArray(String[]::new));
        out.open("types");
        out.open(
                "xsd:schema",
                "targetNamespace",
                types,
                "elementFormDefault",
                literal ? "qualified" : "unqualified");
        if (!literal) {
            out.empty("xsd:import", "namespace", Xml.SOAP_ENCODING);
        }
        schema();
        out.close().close();
        messages();
        portType();
        binding();
        out.open("service", "name", api.name());
        out.open("port", "name", api.name() + "Port", "binding", "tns:" + api.name() + "Binding");
        out.empty("soap:address", "location", address);
        out.close().close().close();
        return out.toString();
    }

    private String namespace() {
        return literal ? api.literalNamespace() : api.namespace();
    }

    private String prefix() {
        return literal ? "tns" : api.typePrefix();
    }

    private String ref(SoapType type) {
        String prefix = type instanceof SoapType.Scalar ? "xsd:" : prefix() + ":";
        return prefix + type.typeName();
    }

    private Set<FaultKind> faults() {
        Set<FaultKind> faults = EnumSet.noneOf(FaultKind.class);
        api.all().forEach(operation -> faults.addAll(operation.faults()));
        return faults;
    }

    // ---- types

    private void schema() {
        for (SoapType type : api.types().values()) {
            switch (type) {
                case SoapType.Choice choice -> choice(choice);
                case SoapType.Struct struct -> struct(struct);
                case SoapType.Scalar _, SoapType.ListOf _ -> {}
            }
        }
        lists().values().forEach(this::list);
        for (FaultKind fault : faults()) {
            out.open("xsd:complexType", "name", fault.wireName()).open("xsd:sequence");
            for (String member : fault.members()) {
                out.empty("xsd:element", "name", member, "type", "xsd:string");
            }
            out.close().close();
            if (literal) {
                element(fault.wireName(), prefix() + ":" + fault.wireName());
            }
        }
        if (literal) {
            for (Operation operation : api.all()) {
                wrapper(operation.name(), operation.parts());
                Part result = operation.result();
                wrapper(
                        operation.name() + "Response",
                        result == null ? List.of() : List.of(result));
            }
        }
    }

    private void element(String name, String type) {
        out.empty("xsd:element", "name", name, "type", type);
    }

    private void wrapper(String name, List<Part> parts) {
        out.open("xsd:element", "name", name).open("xsd:complexType").open("xsd:sequence");
        for (Part part : parts) {
            element(part.name(), ref(part.type()));
        }
        out.close().close().close();
    }

    private void choice(SoapType.Choice choice) {
        out.open("xsd:simpleType", "name", choice.typeName());
        out.open("xsd:restriction", "base", "xsd:string");
        choice.words().forEach(word -> out.empty("xsd:enumeration", "value", word));
        out.close().close();
    }

    private void struct(SoapType.Struct struct) {
        out.open("xsd:complexType", "name", struct.typeName());
        String base = struct.base();
        if (base != null) {
            out.open("xsd:complexContent");
            out.open("xsd:extension", "base", prefix() + ":" + base);
        }
        // What is extended cannot be an "all" group (XML Schema 1.0).
        boolean extended =
                api.types().values().stream()
                        .anyMatch(
                                t ->
                                        t instanceof SoapType.Struct other
                                                && struct.typeName().equals(other.base()));
        out.open(literal || base != null || extended ? "xsd:sequence" : "xsd:all");
        for (Part member : struct.members()) {
            element(member.name(), ref(member.type()));
        }
        out.close();
        if (base != null) {
            out.close().close();
        }
        out.close();
    }

    /** All lists that are used somewhere, inner ones first, by name. */
    private Map<String, SoapType.ListOf> lists() {
        Map<String, SoapType.ListOf> lists = new LinkedHashMap<>();
        for (SoapType type : api.types().values()) {
            if (type instanceof SoapType.Struct struct) {
                struct.members().forEach(member -> collect(member.type(), lists));
            }
        }
        for (Operation operation : api.all()) {
            operation.parts().forEach(part -> collect(part.type(), lists));
            Part result = operation.result();
            if (result != null) {
                collect(result.type(), lists);
            }
        }
        return lists;
    }

    private static void collect(SoapType type, Map<String, SoapType.ListOf> lists) {
        if (type instanceof SoapType.ListOf list) {
            collect(list.item(), lists);
            lists.put(list.typeName(), list);
        }
    }

    private void list(SoapType.ListOf list) {
        out.open("xsd:complexType", "name", list.typeName());
        if (literal) {
            out.open("xsd:sequence");
            out.empty(
                    "xsd:element",
                    "name",
                    "Item",
                    "type",
                    ref(list.item()),
                    "minOccurs",
                    "0",
                    "maxOccurs",
                    "unbounded");
            out.close();
        } else {
            out.open("xsd:complexContent");
            out.open("xsd:restriction", "base", "soapenc:Array");
            out.empty(
                    "xsd:attribute",
                    "ref",
                    "soapenc:arrayType",
                    "xmlns:wsdl",
                    WSDL,
                    "wsdl:arrayType",
                    ref(list.item()) + "[]");
            out.close().close();
        }
        out.close();
    }

    // ---- messages, port, binding

    private void messages() {
        for (Operation operation : api.all()) {
            Part result = operation.result();
            message(operation.name() + "Request", operation.name(), operation.parts());
            message(
                    operation.name() + "Response",
                    operation.name() + "Response",
                    result == null ? List.of() : List.of(result));
        }
        for (FaultKind fault : faults()) {
            out.open("message", "name", fault.wireName());
            out.empty(
                    "part",
                    "name",
                    "parameters",
                    literal ? "element" : "type",
                    prefix() + ":" + fault.wireName());
            out.close();
        }
    }

    private void message(String name, String element, List<Part> parts) {
        if (literal) {
            out.open("message", "name", name);
            out.empty("part", "name", "parameters", "element", "tns:" + element);
            out.close();
            return;
        }
        out.open("message", "name", name);
        parts.forEach(part -> out.empty("part", "name", part.name(), "type", ref(part.type())));
        out.close();
    }

    private void portType() {
        out.open("portType", "name", api.name() + "Port");
        for (Operation operation : api.all()) {
            out.open("operation", "name", operation.name());
            out.empty("input", "message", "tns:" + operation.name() + "Request");
            out.empty("output", "message", "tns:" + operation.name() + "Response");
            for (FaultKind fault : EnumSet.allOf(FaultKind.class)) {
                if (operation.faults().contains(fault)) {
                    out.empty(
                            "fault",
                            "name",
                            fault.wireName(),
                            "message",
                            "tns:" + fault.wireName());
                }
            }
            out.close();
        }
        out.close();
    }

    private void binding() {
        out.open("binding", "name", api.name() + "Binding", "type", "tns:" + api.name() + "Port");
        out.empty("soap:binding", "style", literal ? "document" : "rpc", "transport", HTTP);
        for (Operation operation : api.all()) {
            out.open("operation", "name", operation.name());
            out.empty("soap:operation", "soapAction", api.namespace() + operation.name());
            out.open("input");
            use("soap:body");
            out.close();
            out.open("output");
            use("soap:body");
            out.close();
            for (FaultKind fault : EnumSet.allOf(FaultKind.class)) {
                if (operation.faults().contains(fault)) {
                    out.open("fault", "name", fault.wireName());
                    use("soap:fault", "name", fault.wireName());
                    out.close();
                }
            }
            out.close();
        }
        out.close();
    }

    private void use(String element, String... attributes) {
        List<String> all = new ArrayList<>(List.of(attributes));
        if (literal) {
            all.addAll(List.of("use", "literal"));
        } else {
            all.addAll(
                    List.of(
                            "use",
                            "encoded",
                            "namespace",
                            api.namespace(),
                            "encodingStyle",
                            Xml.SOAP_ENCODING));
        }
        out.empty(element, all.toArray(String[]::new));
    }
}
