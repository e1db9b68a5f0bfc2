package io.weir.soap.call;

import io.weir.control.RefusedException;
import io.weir.event.EventTag;
import io.weir.soap.table.Api;
import io.weir.soap.table.Backing;
import io.weir.soap.table.FaultKind;
import io.weir.soap.table.Operation;
import io.weir.soap.table.Part;
import io.weir.soap.table.SoapType;
import io.weir.soap.table.Tables;
import io.weir.soap.wire.BadValueException;
import io.weir.soap.wire.Decoder;
import io.weir.soap.wire.Encoder;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers calls. Safe for every thread that may wait; calls that change something are made one
 * after another, the others at once.
 */
public final class Dispatcher {

    /** The name of the one location that there is. */
    public static final String LOCATION = "Default";

    private static final int ATTEMPTS = 20;

    private final Tables tables;
    private final Services services;
    private final IdentityHashMap<Operation, Handler> handlers = new IdentityHashMap<>();
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * A dispatcher.
     *
     * @throws IllegalStateException when tables and code do not fit together
     */
    public Dispatcher(Tables tables, Handlers code, Services services) {
        this.tables = tables;
        this.services = services;
        if (!code.strangers(tables).isEmpty()) {
            throw new IllegalStateException("no table has " + code.strangers(tables));
        }
        for (Api api : tables.all()) {
            for (Operation operation : api.all()) {
                Handler handler = code.find(tables, api, operation);
                if (handler != null) {
                    handlers.put(operation, handler);
                }
            }
        }
    }

    /** The tables that it answers for. */
    public Tables tables() {
        return tables;
    }

    /** Whether Weir can do what the operation asks for. */
    public boolean supports(Operation operation) {
        return handlers.containsKey(operation);
    }

    /**
     * Answers one call.
     *
     * @param element of the call, references resolved
     * @return the element of the answer
     */
    public Element answer(Element element, Peer peer) throws SoapProblem {
        Api api = tables.byNamespace(element.getNamespaceURI());
        String name = element.getLocalName();
        if (api == null || api.isCallback()) {
            throw SoapProblem.untyped(
                    "there is no interface with the namespace '"
                            + Objects.requireNonNullElse(element.getNamespaceURI(), "")
                            + "', expected one such as "
                            + tables.newest("Pool").namespace());
        }
        boolean literal = api.literalNamespace().equals(element.getNamespaceURI());
        try {
            Operation operation = api.operation(String.valueOf(name));
            if (operation == null) {
                throw SoapProblem.untyped(
                        "there is no operation '"
                                + name
                                + "' in "
                                + api.name()
                                + " "
                                + api.version());
            }
            Object result = run(api, operation, element, peer);
            return new Encoder(api, literal).answer(operation, result);
        } catch (SoapProblem e) {
            FaultKind kind = e.kind();
            throw kind == null ? e : e.with(new Encoder(api, literal).fault(kind, e.members()));
        }
    }

    private @Nullable Object run(Api api, Operation operation, Element element, Peer peer)
            throws SoapProblem {
        permit(api, operation, peer);
        Handler handler = handlers.get(operation);
        if (handler == null) {
            throw lacking(api, operation);
        }
        List<Object> arguments = arguments(operation, element);
        try {
            boolean reads = access(operation) == Peer.Access.READ;
            return reads
                    ? attempt(api, operation, arguments, handler, peer)
                    : change(api, operation, arguments, handler, peer);
        } catch (RuntimeException e) {
            services.events()
                    .emit(
                            EventTag.INTERNALERROR,
                            "the SOAP call "
                                    + api.name()
                                    + "."
                                    + operation.name()
                                    + " failed: "
                                    + e);
            throw SoapProblem.internal("Weir failed to answer: " + e);
        }
    }

    private @Nullable Object change(
            Api api, Operation operation, List<Object> arguments, Handler handler, Peer peer)
            throws SoapProblem {
        changing.lock();
        try {
            return attempt(api, operation, arguments, handler, peer);
        } finally {
            changing.unlock();
        }
    }

    private @Nullable Object attempt(
            Api api, Operation operation, List<Object> arguments, Handler handler, Peer peer)
            throws SoapProblem {
        for (int i = 1; ; i++) {
            Draft draft = new Draft(services.control());
            Object result = handler.run(new Call(api, operation, arguments, draft, peer, services));
            if (draft.isEmpty()) {
                return result;
            }
            try {
                draft.commit(peer, "SOAP " + api.name() + "." + operation.name());
                return result;
            } catch (RefusedException e) {
                if (i == ATTEMPTS || !draft.isStale()) {
                    throw Refusals.problem(e.problem(), draft);
                }
            }
        }
    }

    private static List<Object> arguments(Operation operation, Element element) throws SoapProblem {
        List<Object> arguments;
        try {
            arguments = new ArrayList<>(Decoder.decode(element, operation));
        } catch (BadValueException e) {
            throw SoapProblem.invalid(String.valueOf(e.getMessage()), "", e.part(), e.value());
        }
        if (operation.located()) {
            String location = (String) arguments.removeFirst();
            if (!location.isEmpty() && !location.equals(LOCATION)) {
                throw SoapProblem.invalid(
                        "Unknown location '" + location + "', expected " + LOCATION,
                        location,
                        "location",
                        location);
            }
        }
        aligned(operation, arguments);
        return arguments;
    }

    /** Lists that belong together must be equally long. */
    private static void aligned(Operation operation, List<Object> arguments) throws SoapProblem {
        List<Part> parts = operation.ownParts();
        if (parts.size() < 2
                || !parts.stream().allMatch(part -> part.type() instanceof SoapType.ListOf)) {
            return;
        }
        int expected = ((List<?>) arguments.getFirst()).size();
        for (int i = 1; i < parts.size(); i++) {
            int found = ((List<?>) arguments.get(i)).size();
            if (found != expected) {
                throw SoapProblem.invalid(
                        "the list "
                                + parts.get(i).name()
                                + " has "
                                + found
                                + " entries, expected "
                                + expected
                                + " as in "
                                + parts.getFirst().name(),
                        "",
                        parts.get(i).name(),
                        Integer.toString(found));
            }
        }
    }

    private static SoapProblem lacking(Api api, Operation operation) {
        String reason =
                operation.backing() instanceof Backing.Lacking lacking
                        ? lacking.reason()
                        : "no such capability";
        String message =
                api.name() + "." + operation.name() + " is not supported by Weir: " + reason;
        boolean licensed =
                operation.faults().contains(FaultKind.LICENSE_ERROR)
                        && !operation.faults().contains(FaultKind.INVALID_OPERATION);
        return SoapProblem.typed(
                licensed ? FaultKind.LICENSE_ERROR : FaultKind.INVALID_OPERATION,
                message,
                operation.subject());
    }

    private void permit(Api api, Operation operation, Peer peer) throws SoapProblem {
        String kind = Kinds.of(api, operation);
        Peer.Access access = access(operation);
        if (!peer.rights().allows(kind, access)) {
            String why =
                    " is not allowed to "
                            + access.name().toLowerCase(java.util.Locale.ROOT)
                            + " "
                            + kind;
            services.control()
                    .audit()
                    .refused(
                            peer.author(),
                            api.name() + "." + operation.name(),
                            List.of(),
                            peer.author().name() + why);
            throw SoapProblem.untyped(peer.author().name() + why);
        }
    }

    /** What kind of doing an operation is, by its name, as all of them are named. */
    static Peer.Access access(Operation operation) {
        String name = operation.baseName();
        if (name.matches("(get|list|is|diagnose|check|download).*")) {
            return Peer.Access.READ;
        }
        if (name.matches("(add|set|remove)(Draining|Disabled)Nodes")
                || name.matches("(disable|enable)Nodes|setNodesWeightings|test.*|clear.*")) {
            return Peer.Access.OPERATE;
        }
        return Peer.Access.CHANGE;
    }
}
